"""What everyone has heard is forgotten after a month: the outbox is a way, not an archive. What waits or was given up stays."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID

from apps.platform import clock, db

FORGET = "outbox.forget"
KEEP = timedelta(days=30)
AT_ONCE = 2_000
SECONDS = 20.0
# Ids are in the order of time, so the oldest are found by the primary key alone.
_FORGET = """
    WITH old AS MATERIALIZED (
        SELECT id FROM outbox_event AS event
        WHERE id < %(edge)s AND is_fanned_out
          AND NOT EXISTS (SELECT FROM outbox_delivery WHERE event_id = event.id AND done_at IS NULL)
        ORDER BY id LIMIT %(limit)s
    ), deliveries AS (DELETE FROM outbox_delivery USING old WHERE event_id = old.id)
    DELETE FROM outbox_event USING old WHERE outbox_event.id = old.id
"""


def forget_done(*, keep: timedelta = KEEP) -> int:
    """Delete facts older than `keep` that every subscription has handled, with their deliveries. Some at a time, each step a
    transaction of its own, for twenty seconds at most. Returns how many facts."""
    edge, until, gone = _first_id_at(clock.now().timestamp() - keep.total_seconds()), time.monotonic() + SECONDS, 0
    while True:
        step = db.execute(_FORGET, {"edge": edge, "limit": AT_ONCE})
        gone += step
        if step < AT_ONCE or time.monotonic() > until:
            return gone


def _first_id_at(seconds: float) -> UUID:
    """The smallest UUIDv7 of a moment."""
    return UUID(int=(int(seconds * 1000) << 80) | (7 << 76) | (2 << 62))
