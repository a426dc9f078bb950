"""The guarded moves of pledges, in bulk: what may not move stays, and every move leaves one line of history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.platform import clock, db

from ..states import MOVES, Status

_MOVE = """
    WITH wanted AS (
        SELECT * FROM unnest(%(ids)s::uuid[], %(amounts)s::bigint[], %(reasons)s::text[]) AS wanted(id, captured, reason)
    ), locked AS (
        SELECT pledge.id, pledge.status AS source, wanted.captured,
               CASE WHEN wanted.reason = 'released' AND pledge.requested = 'release' THEN 'cancelled' ELSE wanted.reason END AS reason
        FROM pledges_pledge AS pledge JOIN wanted ON wanted.id = pledge.id
        WHERE pledge.status = ANY(%(sources)s) ORDER BY pledge.id FOR NO KEY UPDATE OF pledge
    ), moved AS (
        UPDATE pledges_pledge AS pledge
        SET status = %(target)s, moves = pledge.moves + 1, failure_reason = locked.reason,
            captured_amount = locked.captured,
            captured_at = CASE WHEN locked.captured > 0 THEN %(now)s::timestamptz END
        FROM locked WHERE pledge.id = locked.id AND pledge.status = ANY(%(sources)s)
        RETURNING pledge.id, pledge.campaign_id, pledge.currency, pledge.amount, pledge.captured_amount, pledge.donor_id,
                  pledge.donor_key, pledge.is_anonymous, pledge.moves, locked.source, locked.reason
    ), history AS (
        INSERT INTO pledges_statechange (pledge_id, seq, source, target, reason, at)
        SELECT id, moves, source, %(target)s, reason, %(now)s FROM moved
    )
    SELECT * FROM moved ORDER BY id
"""


@dataclass(frozen=True)
class Move:
    """What a move brings along: the captured amount (0 unless captured) and the reason (empty unless failed)."""

    captured: int = 0
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A pledge that did move just now."""

    id: UUID
    campaign_id: UUID
    currency: str
    amount: int
    captured_amount: int
    donor_id: UUID | None
    donor_key: str
    is_anonymous: bool
    moves: int
    source: str
    reason: str
    at: datetime

    def facts(self) -> dict[str, Any]:
        """What every fact about this pledge tells, the amount excepted."""
        return {
            "pledge_id": self.id,
            "campaign_id": self.campaign_id,
            "currency": self.currency,
            "donor_id": self.donor_id,
            "donor_key": self.donor_key,
            "is_anonymous": self.is_anonymous,
            "occurred_at": self.at,
        }


def move_pledges(target: Status, wanted: Mapping[UUID, Move]) -> list[Moved]:
    """Move to `target` those of the pledges that may; returns which did. One statement."""
    if not wanted:
        return []
    now = clock.now()
    rows = db.rows(
        _MOVE,
        {
            "ids": list(wanted),
            "amounts": [each.captured for each in wanted.values()],
            "reasons": [each.reason for each in wanted.values()],
            "sources": [str(source) for source in MOVES.sources_of(target)],
            "target": str(target),
            "now": now,
        },
    )
    return [Moved(**row, at=now) for row in rows]
