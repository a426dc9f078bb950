"""The relay. Facts are fanned out into one delivery per subscription, then each subscription is drained in batches."""

from __future__ import annotations

import time

from apps.platform import db, events, wake

from ..data import Drained
from .deliver import deliver_batch

FAN_OUT_BATCH = 1000
SECONDS = 20.0
BULK_RELAY = "outbox.relay_bulk"

_FAN_OUT = """
    WITH waiting AS (
        SELECT id FROM outbox_event WHERE NOT is_fanned_out AND type = ANY(%(known)s)
        ORDER BY id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
    ), marked AS (
        UPDATE outbox_event SET is_fanned_out = true FROM waiting WHERE outbox_event.id = waiting.id
        RETURNING outbox_event.id, outbox_event.type
    ), delivered AS (
        INSERT INTO outbox_delivery (event_id, subscription, attempts, due_at, last_error)
        SELECT marked.id, wanted.subscription, 0, statement_timestamp(), ''
        FROM marked JOIN unnest(%(types)s::text[], %(subscriptions)s::text[]) AS wanted(type, subscription)
            ON wanted.type = marked.type
        ON CONFLICT DO NOTHING
    )
    SELECT count(*) AS number FROM marked
"""

# One look at the front of each queue: most of them are empty most of the time, and claiming from each would cost a write.
_WITH_WORK = """
    SELECT name FROM unnest(%s::text[]) AS name WHERE EXISTS (
        SELECT FROM outbox_delivery
        WHERE subscription = name AND done_at IS NULL AND dead_at IS NULL AND due_at <= statement_timestamp())
"""


def drain(*, seconds: float = SECONDS, lane: str | None = None) -> Drained:
    """Fan out and deliver in this process until nothing is due or `seconds` have passed; with `lane`, only what waits in it.

    The lane BULK leaves fanning out to the others, which wake it. Commits in between: call it outside a transaction. Safe
    to run in several processes at once.
    """
    until = time.monotonic() + seconds
    fanned_out = done = failed = 0
    lanes = {each.name: each for each in events.subscriptions().values() if lane in (None, each.lane)}
    while time.monotonic() < until:
        new = 0 if lane == events.BULK else _fan_out()
        if new and lane == events.MONEY:
            wake.wake(BULK_RELAY)
        fanned_out += new
        delivered = 0
        for subscription in _with_work(lanes):
            while time.monotonic() < until:
                batch = deliver_batch(subscription)
                done, failed, delivered = done + batch.done, failed + batch.failed, delivered + batch.claimed
                if batch.claimed < subscription.batch:
                    break
        if not new and not delivered:
            break
    return Drained(fanned_out, done, failed)


def _with_work(subscriptions: dict[str, events.Subscription]) -> list[events.Subscription]:
    found = {row["name"] for row in db.rows(_WITH_WORK, [list(subscriptions)])}
    return [each for name, each in subscriptions.items() if name in found]


def _fan_out() -> int:
    wanted = [(type_name, each.name) for each in events.subscriptions().values() for type_name in each.types]
    params = {
        "known": events.known_types(),
        "limit": FAN_OUT_BATCH,
        "types": [type_name for type_name, _ in wanted],
        "subscriptions": [name for _, name in wanted],
    }
    return int(db.rows(_FAN_OUT, params)[0]["number"])
