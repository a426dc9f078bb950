"""Payouts for those who may see them: staff all, managers those of their campaigns."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apps.campaigns import interface as campaigns
from apps.platform import db
from apps.platform.actors import Actor
from apps.platform.cursors import decode_cursor, encode_cursor
from apps.platform.errors import Invalid

from .. import data
from ..errors import PayoutNotFound
from ..models import Destination, Payout
from ..states import Status

_FIELDS = tuple(data.Payout.__dataclass_fields__)


def payout_data(row: Payout) -> data.Payout:
    return data.Payout(**{name: getattr(row, name) for name in _FIELDS})


def get_payout(*, payout_id: UUID, viewer: Actor) -> data.Payout:
    """Raises PayoutNotFound, also for what this viewer may not see."""
    row = Payout.objects.filter(pk=payout_id).first()
    if row is None or not campaigns.may_handle_money(campaign_id=row.campaign_id, actor=viewer):
        raise PayoutNotFound
    return payout_data(row)


def list_payouts(
    *,
    viewer: Actor,
    campaign_id: UUID | None = None,
    status: str = "",
    cursor: str | None = None,
    page_size: int = 50,
) -> data.Page[data.Payout]:
    """Newest first; managers get those of the campaigns whose money they look after. Raises Invalid."""
    if status and status not in set(Status):
        raise Invalid.field("status", "unknown-choice", "There is no such state.")
    rows = Payout.objects.order_by("-id")
    if not viewer.is_staff:
        rows = rows.filter(campaign_id__in=campaigns.money_campaign_ids(user_id=viewer.user_id))
    rows = rows.filter(campaign_id=campaign_id) if campaign_id else rows
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(id__lt=_edge(cursor)) if cursor else rows
    found = list(rows[: page_size + 1])
    has_more, found = len(found) > page_size, found[:page_size]
    return data.Page(
        results=tuple(payout_data(row) for row in found), next_cursor=encode_cursor(found[-1].pk) if has_more else None
    )


def count_requested() -> int:
    """How many payouts wait for somebody's approval."""
    return Payout.objects.filter(status=Status.REQUESTED).count()


def count_failed(*, viewer: Actor) -> int:
    """How many payouts the bank refused and nobody has asked for again since; for staff of all campaigns."""
    rows = db.rows(
        """SELECT DISTINCT ON (campaign_id) campaign_id, status FROM payouts_payout
           WHERE %(all)s OR campaign_id = ANY(%(own)s) ORDER BY campaign_id, id DESC""",
        {
            "all": viewer.is_staff,
            "own": [] if viewer.is_staff else campaigns.money_campaign_ids(user_id=viewer.user_id),
        },
    )
    return sum(row["status"] == Status.FAILED for row in rows)


def destination_of(*, campaign_id: UUID) -> data.Destination | None:
    """Does not check permissions."""
    row = Destination.objects.filter(campaign_id=campaign_id).order_by("-id").first()
    if row is None:
        return None
    return data.Destination(
        campaign_id=campaign_id, account=row.account, holder=row.holder, set_by_id=row.set_by_id, set_at=row.set_at
    )


def public_payouts(*, campaign_id: UUID) -> tuple[data.PublicPayout, ...]:
    """What was paid out to a campaign, newest first; one query. For everyone."""
    rows = Payout.objects.filter(campaign_id=campaign_id, status=Status.PAID).order_by("-id")[:200]
    return tuple(_public(row) for row in rows)


def strange_lines(*, limit: int = 50) -> list[data.StatementLine]:
    """Lines of the bank's statement that agree with no payout of ours, newest first. One query."""
    agreeing = db.rows(STRANGE_SQL + " ORDER BY line.seq DESC LIMIT %s", [limit])
    return [data.StatementLine(**row) for row in agreeing]


STRANGE_SQL = """
    SELECT line.seq, line.transfer, line.reference, line.account, line.amount, line.currency, line.status, line.at
    FROM payouts_statementline AS line LEFT JOIN payouts_payout AS payout ON payout.id = line.reference
    WHERE payout.id IS NULL
       OR (payout.account, payout.amount, payout.currency) <> (line.account, line.amount, line.currency)
       OR (line.status = 'succeeded' AND (payout.status <> 'paid' OR payout.transfer <> line.transfer)
           AND line.read_at < statement_timestamp() - interval '10 minutes')
       OR (line.status <> 'succeeded' AND payout.status = 'paid')
"""


def _public(row: Payout) -> data.PublicPayout:
    names: dict[str, Any] = {
        name: getattr(row, name) for name in data.PublicPayout.__dataclass_fields__ if name != "paid_at"
    }
    return data.PublicPayout(**names | {"paid_at": row.ended_at})


def _edge(cursor: str) -> UUID:
    try:
        return UUID(str(decode_cursor(cursor, 1)[0]))
    except ValueError:
        raise Invalid.field("cursor", "invalid", "Use a cursor from `next`, unchanged.") from None
