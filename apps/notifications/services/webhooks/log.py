"""The log of an endpoint's deliveries: looked at, tried with a ping, played again by range."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.accounts import interface as accounts
from apps.platform import clock, db, wake
from apps.platform.actors import Actor
from apps.platform.clock import rfc3339
from apps.platform.cursors import decode_cursor, encode_cursor
from apps.platform.errors import Invalid
from apps.platform.ids import new_id

from ...data import EVENT_TYPES, PING, DeliveryPage, WebhookDelivery
from .endpoints import get_endpoint
from .queue import SEND, Message, write_deliveries

REPLAY_AT_MOST = 10_000
STATUSES = {
    "": "true",
    "pending": "delivered_at IS NULL AND dead_at IS NULL",
    "delivered": "delivered_at IS NOT NULL",
    "failed": "dead_at IS NOT NULL",
}
_COLUMNS = """
    SELECT id, endpoint_id, type, payload, attempts, created_at, due_at, delivered_at, dead_at, last_status, last_error
    FROM notifications_webhookdelivery WHERE endpoint_id = %(endpoint)s
"""
_REPLAY = """
    UPDATE notifications_webhookdelivery SET started_at = %(now)s, due_at = %(now)s, attempts = 0, delivered_at = NULL, dead_at = NULL
    WHERE id IN (
        SELECT id FROM notifications_webhookdelivery
        WHERE endpoint_id = %(endpoint)s AND created_at >= %(since)s AND created_at < %(until)s AND type = ANY(%(types)s)
          AND (NOT %(only_failed)s OR dead_at IS NOT NULL) AND (delivered_at IS NOT NULL OR dead_at IS NOT NULL)
        ORDER BY id LIMIT %(limit)s FOR NO KEY UPDATE
    )
"""


def list_deliveries(
    *, endpoint_id: UUID, by: Actor, status: str = "", cursor: str | None = None, page_size: int = 20
) -> DeliveryPage:
    """An endpoint's deliveries, newest first, for its owner and staff. Raises EndpointNotFound, Invalid."""
    get_endpoint(endpoint_id=endpoint_id, by=by)
    if status not in STATUSES:
        raise Invalid.field("status", "unknown-choice", "Choose one of: pending, delivered, failed.")
    before = _before(cursor)
    rows = db.rows(
        f"""{_COLUMNS} AND {STATUSES[status]} AND (%(before)s::uuid IS NULL OR id < %(before)s)
            ORDER BY id DESC LIMIT %(limit)s""",
        {"endpoint": endpoint_id, "before": before, "limit": page_size + 1},
    )
    shown = rows[:page_size]
    return DeliveryPage(
        tuple(_delivery(row) for row in shown), encode_cursor(shown[-1]["id"]) if len(rows) > page_size else None
    )


def ping_endpoint(*, endpoint_id: UUID, by: Actor) -> WebhookDelivery:
    """Queue a `ping`, to see whether the endpoint answers. Raises EndpointNotFound."""
    get_endpoint(endpoint_id=endpoint_id, by=by)
    key = f"{PING}:{new_id()}"
    body = {"type": PING, "timestamp": rfc3339(clock.now()), "data": {"endpoint": str(endpoint_id)}}
    with transaction.atomic():
        write_deliveries([(endpoint_id, Message(type=PING, key=key, campaign_id=endpoint_id, body=body))])
        return _delivery(db.rows(f"{_COLUMNS} AND key = %(key)s", {"endpoint": endpoint_id, "key": key})[0])


def replay_deliveries(
    *,
    endpoint_id: UUID,
    by: Actor,
    since: datetime,
    until: datetime,
    types: Sequence[str] = EVENT_TYPES,
    only_failed: bool = False,
) -> int:
    """Deliver again what was created from `since` to before `until` and has ended, with the same webhook-ids: receivers know
    what they have. At most 10,000 at once; returns how many. Raises EndpointNotFound, Invalid.
    """
    get_endpoint(endpoint_id=endpoint_id, by=by)
    if since >= until:
        raise Invalid.field("until", "before-start", "The end must come after the start.")
    if any(each not in EVENT_TYPES for each in types):
        raise Invalid.field("types", "unknown-choice", f"Choose some of: {', '.join(EVENT_TYPES)}.")
    with transaction.atomic():
        replayed = db.execute(
            _REPLAY,
            {
                "now": clock.now(),
                "endpoint": endpoint_id,
                "since": since,
                "until": until,
                "types": list(types),
                "only_failed": only_failed,
                "limit": REPLAY_AT_MOST,
            },
        )
        accounts.record_action(
            by=by, action="webhook_endpoint.replay", subject_id=endpoint_id, detail={"deliveries": replayed}
        )
        wake.on_commit(SEND)
    return replayed


def _before(cursor: str | None) -> UUID | None:
    if not cursor:
        return None
    try:
        return UUID(decode_cursor(cursor, 1)[0])
    except (ValueError, TypeError, AttributeError):
        raise Invalid.field("cursor", "invalid", "Use a cursor from `next`, unchanged.") from None


def _delivery(row: dict[str, Any]) -> WebhookDelivery:
    status = "delivered" if row["delivered_at"] else "failed" if row["dead_at"] else "pending"
    return WebhookDelivery(
        id=row["id"],
        endpoint_id=row["endpoint_id"],
        type=row["type"],
        payload=row["payload"] if isinstance(row["payload"], dict) else json.loads(row["payload"]),
        status=status,
        attempts=row["attempts"],
        created_at=row["created_at"],
        next_attempt_at=row["due_at"] if status == "pending" else None,
        delivered_at=row["delivered_at"],
        response_status=row["last_status"],
        error=row["last_error"],
    )
