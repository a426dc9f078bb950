"""The queue of what a person must decide, newest first."""

from __future__ import annotations

import json
from typing import Any

from apps.platform import db
from apps.platform.cursors import decode_cursor, encode_cursor

from ..data import Anomaly, AnomalyDecision, AnomalyPage
from ..errors import AnomalyNotFound
from ..states import AnomalyState
from .anomaly_kinds import actions_of, kind_of

PAGE_MAX = 100
_COLUMNS = """
    SELECT anomaly.id, anomaly.provider, anomaly.kind, anomaly.subject, anomaly.payment_id, anomaly.state,
           anomaly.evidence, anomaly.created_at, anomaly.resolved_at, payment.reference, payment.currency,
           coalesce(payment.captured_amount - payment.refunded_amount - payment.refund_reserved, 0) AS refundable
    FROM payments_anomaly AS anomaly LEFT JOIN payments_payment AS payment ON payment.id = anomaly.payment_id
"""
_LIST = (
    _COLUMNS
    + """
    WHERE (%(state)s::text IS NULL OR anomaly.state = %(state)s) AND (%(kind)s::text IS NULL OR anomaly.kind = %(kind)s)
      AND (%(edge)s::bigint IS NULL OR anomaly.id {beyond} %(edge)s)
    ORDER BY anomaly.id {order} LIMIT %(limit)s
"""
)
_OLDER, _NEWER = ("<", "DESC"), (">", "ASC")
_DECISIONS = """
    SELECT action, by_id, by_kind, note, at FROM payments_anomalydecision WHERE anomaly_id = %s ORDER BY id
"""
_OPEN = "SELECT kind, count(*) AS number FROM payments_anomaly WHERE state = 'open' GROUP BY kind ORDER BY kind"


def list_anomalies(
    *, state: str | None = AnomalyState.OPEN, kind: str | None = None, cursor: str | None = None, page_size: int = 20
) -> AnomalyPage:
    """Findings in `state` (None: all) and of `kind`, newest first; one query. Raises Invalid for a cursor not of ours.

    Does not check permissions.
    """
    word, edge = decode_cursor(cursor, 2) if cursor else ("older", None)
    beyond, order = _NEWER if word == "newer" else _OLDER
    size = max(1, min(page_size, PAGE_MAX))
    sql = _LIST.format(beyond=beyond, order=order)
    rows = db.rows(sql, {"state": state, "kind": kind, "edge": edge, "limit": size + 1})
    has_more = len(rows) > size
    shown = rows[:size] if word != "newer" else rows[:size][::-1]
    has_older, has_newer = (has_more, edge is not None) if word != "newer" else (True, has_more)
    return AnomalyPage(
        results=[_anomaly(row) for row in shown],
        next_cursor=encode_cursor("older", shown[-1]["id"]) if shown and has_older else None,
        previous_cursor=encode_cursor("newer", shown[0]["id"]) if shown and has_newer else None,
    )


def get_anomaly(*, anomaly_id: int) -> Anomaly:
    """One finding with everything that was decided about it. Raises AnomalyNotFound. Does not check permissions."""
    found = db.rows(_COLUMNS + "WHERE anomaly.id = %s", [anomaly_id])
    if not found:
        raise AnomalyNotFound
    return _anomaly(found[0], tuple(AnomalyDecision(**row) for row in db.rows(_DECISIONS, [anomaly_id])))


def open_anomalies() -> dict[str, int]:
    """How many findings of each kind wait for a person."""
    return {row["kind"]: row["number"] for row in db.rows(_OPEN)}


def _anomaly(row: dict[str, Any], decisions: tuple[AnomalyDecision, ...] = ()) -> Anomaly:
    refundable, currency = row.pop("refundable"), row.pop("currency")
    is_open = row["state"] == AnomalyState.OPEN
    is_known = row["reference"] is not None
    actions = actions_of(row["kind"], is_payment_known=is_known, refundable=refundable, currency=currency)
    return Anomaly(
        **row | {"evidence": _json(row["evidence"])},
        reason=str(kind_of(row["kind"]).reason),
        actions=tuple(action.value for action in actions) if is_open else (),
        decisions=decisions,
    )


def _json(stored: Any) -> dict[str, Any]:
    return dict(json.loads(stored) if isinstance(stored, str) else stored)
