"""Declines come in as facts and go after a day, together with everything else that the guard knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from apps.platform import clock, db
from apps.pledges.events import PledgeFailed

KEPT, AT_ONCE = timedelta(days=1), 50_000
# The ends of a pledge that say nothing about a card.
HARMLESS = frozenset({"cancelled", "released", "expired"})
TABLES = ("guard_attempt", "guard_decline", "guard_redeemed")
_NOTE = "INSERT INTO guard_decline (reference, at) SELECT unnest(%s::uuid[]), %s ON CONFLICT (reference) DO NOTHING"


def note_declines(facts: Sequence[PledgeFailed]) -> None:
    """Remember which pledges were declined."""
    declined = [fact.pledge_id for fact in facts if fact.reason not in HARMLESS]
    if declined:
        db.execute(_NOTE, [declined, clock.now()])


def forget() -> int:
    """Delete what is older than a day, some at a time. Returns how many rows."""
    before = clock.now() - KEPT
    return sum(
        db.execute(
            f"DELETE FROM {table} WHERE ctid IN (SELECT ctid FROM {table} WHERE at < %s LIMIT %s)",  # noqa: S608  constants
            [before, AT_ONCE],
        )
        for table in TABLES
    )
