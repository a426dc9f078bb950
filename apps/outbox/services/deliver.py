"""One batch for one subscription: count the attempt, then claim, handle and mark done in one transaction.

The attempt is committed before the work, so that a handler that kills its process is counted too; what failed before is
taken in ever smaller batches until the bad fact stands alone.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.platform import clock, context, db, tracing
from apps.platform.events import Event, Subscription, UnknownEvent, decode, deliver
from apps.platform.retry import backoff

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 20
MAX_AGE = timedelta(days=3)

# What is due after its last attempt was lost with its process: nobody could record that failure, so it ends here.
_COUNT_ATTEMPT = """
    UPDATE outbox_delivery
    SET attempts = least(attempts + 1, %(most)s), due_at = statement_timestamp() + %(lease)s,
        dead_at = CASE WHEN attempts >= %(most)s THEN statement_timestamp() END,
        last_error = CASE WHEN attempts >= %(most)s THEN 'NeverCameBack' ELSE last_error END
    WHERE id IN (
        SELECT id FROM (
            SELECT id, attempts, row_number() OVER (ORDER BY attempts, due_at) AS place
            FROM (
                SELECT id, attempts, due_at FROM outbox_delivery
                WHERE subscription = %(name)s AND done_at IS NULL AND dead_at IS NULL AND due_at <= statement_timestamp()
                ORDER BY due_at LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
            ) AS due
        ) AS ranked
        WHERE place <= greatest(1, %(limit)s >> attempts)
    )
    RETURNING id, dead_at, due_at
"""
_CLAIM = """
    SELECT delivery.id, delivery.attempts, event.id AS event_id, event.type, event.version, event.payload,
           event.request_id, event.traceparent, event.occurred_at
    FROM outbox_delivery AS delivery JOIN outbox_event AS event ON event.id = delivery.event_id
    WHERE delivery.id = ANY(%(ids)s) AND delivery.done_at IS NULL AND delivery.dead_at IS NULL
    ORDER BY event.id FOR NO KEY UPDATE OF delivery SKIP LOCKED
"""
# A neighbour that looked at a row just as it was taken holds it for a moment, and the claim passes it by: it is given back at
# once, as if nobody had tried, unless somebody works on it. Else it would wait for its lease to run out.
_GIVE_BACK = """
    UPDATE outbox_delivery SET due_at = statement_timestamp(), attempts = attempts - 1
    WHERE id IN (
        SELECT id FROM outbox_delivery
        WHERE id = ANY(%(ids)s) AND done_at IS NULL AND dead_at IS NULL AND due_at = %(leased)s
        FOR NO KEY UPDATE SKIP LOCKED
    )
"""
_DONE = "UPDATE outbox_delivery SET done_at = statement_timestamp(), last_error = '' WHERE id = ANY(%(ids)s)"
# The wait is counted by the database's clock, as claims are: a worker whose own clock is wrong must not put it off.
_FAILED = """
    UPDATE outbox_delivery SET last_error = %(error)s, due_at = statement_timestamp() + %(wait)s, dead_at = %(dead_at)s
    WHERE id = %(id)s
"""


@dataclass(frozen=True)
class Batch:
    claimed: int
    done: int
    failed: int


def deliver_batch(subscription: Subscription) -> Batch:
    """Take what is due for one subscription, at most its batch size, and have it handled."""
    due = db.rows(
        _COUNT_ATTEMPT, {"lease": LEASE, "name": subscription.name, "limit": subscription.batch, "most": MAX_ATTEMPTS}
    )
    ids = [row["id"] for row in due if row["dead_at"] is None]
    if lost := len(due) - len(ids):
        log.error("deliveries given up", extra={"subscription": subscription.name, "number": lost})
    failed = _handle(subscription, ids) if ids else 0
    if ids:
        db.execute(_GIVE_BACK, {"ids": ids, "leased": due[0]["due_at"]})
    return Batch(len(due), len(ids) - failed, failed + lost)


def _handle(subscription: Subscription, ids: Sequence[int]) -> int:
    """Handle the batch as one; where that fails, by halves. Returns how many deliveries failed."""
    try:
        with transaction.atomic():
            rows = db.rows(_CLAIM, {"ids": list(ids)})
            if not rows:
                return 0
            with context.bound(request_id=rows[0]["request_id"], traceparent=rows[0]["traceparent"]):
                events = [_event(row) for row in rows]
                with tracing.station(subscription.name, _gifts(events, rows)):
                    deliver(subscription.name, events)
            db.execute(_DONE, {"ids": [row["id"] for row in rows]})
            return 0
    except Exception as error:  # noqa: BLE001  whatever a handler raises is recorded on the delivery
        if len(ids) == 1:
            _record_failure(ids[0], subscription, error)
            return 1
    middle = len(ids) // 2
    return _handle(subscription, ids[:middle]) + _handle(subscription, ids[middle:])


def _gifts(events: Sequence[Event], rows: Sequence[dict[str, Any]]) -> dict[UUID, str]:
    pairs = zip(events, rows, strict=True)
    return {gift: row["traceparent"] for event, row in pairs if (gift := tracing.gift_of(event))}


def _event(row: dict[str, Any]) -> Event:
    payload = row["payload"]
    return decode(row["type"], row["version"], json.loads(payload) if isinstance(payload, str) else payload)


def _record_failure(delivery_id: int, subscription: Subscription, error: Exception) -> None:
    row = db.rows(
        """SELECT delivery.attempts, event.type, event.occurred_at, delivery.event_id
           FROM outbox_delivery AS delivery JOIN outbox_event AS event ON event.id = delivery.event_id
           WHERE delivery.id = %s""",
        [delivery_id],
    )[0]
    now = clock.now()
    tomorrow = isinstance(error, UnknownEvent)
    is_dead = not tomorrow and (row["attempts"] >= MAX_ATTEMPTS or now - row["occurred_at"] > MAX_AGE)
    log.log(
        logging.ERROR if is_dead else logging.WARNING,
        "delivery failed",
        extra={
            "subscription": subscription.name,
            "event_id": str(row["event_id"]),
            "attempts": row["attempts"],
            "dead": is_dead,
        },
        exc_info=error,
    )
    db.execute(
        _FAILED,
        {
            "id": delivery_id,
            "error": type(error).__name__,
            "wait": backoff(row["attempts"], base=1.0, cap=3600),
            "dead_at": now if is_dead else None,
        },
    )
