"""One statement for pledge, donor and the first line of history, however many pledges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.platform import db

from ..data import Capture


@dataclass(frozen=True, kw_only=True)
class PledgeRow:
    id: UUID
    campaign_id: UUID
    campaign_title: str
    donor_id: UUID | None
    donor_key: str
    currency: str
    amount: int
    cover_amount: int
    capture: Capture
    is_anonymous: bool
    message: str
    caller_scope: str
    idempotency_key: str | None
    fingerprint: bytes
    tracking_hash: bytes
    created_at: datetime
    email: str
    name: str
    language: str
    provider: str
    account: str
    approval_id: UUID | None


_COLUMNS = {
    "id": "uuid",
    "campaign_id": "uuid",
    "campaign_title": "text",
    "donor_id": "uuid",
    "donor_key": "text",
    "currency": "text",
    "amount": "bigint",
    "cover_amount": "bigint",
    "capture": "text",
    "is_anonymous": "boolean",
    "message": "text",
    "caller_scope": "text",
    "idempotency_key": "text",
    "fingerprint": "bytea",
    "tracking_hash": "bytea",
    "created_at": "timestamptz",
}
_PERSON = {"email": "text", "name": "text", "language": "text"}
_ARRAYS = ", ".join(f"%s::{kind}[]" for kind in (_COLUMNS | _PERSON).values())
# Rows go in by intent, so that two batches with the same keys wait for each other instead of deadlocking.
_INSERT = f"""
    WITH wish AS (
        SELECT * FROM unnest({_ARRAYS}) AS wish({", ".join(_COLUMNS | _PERSON)})
    ), made AS (
        INSERT INTO pledges_pledge ({", ".join(_COLUMNS)}, status, failure_reason, requested, moves,
            captured_amount, refunded_amount, refund_reserved, charged_back_amount)
        SELECT {", ".join(_COLUMNS)}, 'pending', '', '', 1, 0, 0, 0, 0
        FROM wish ORDER BY caller_scope, idempotency_key, id
        ON CONFLICT (caller_scope, idempotency_key) DO NOTHING
        RETURNING id, created_at
    ), person AS (
        INSERT INTO pledges_donor (pledge_id, email, name, language)
        SELECT made.id, wish.email, wish.name, wish.language FROM made JOIN wish USING (id)
    ), history AS (
        INSERT INTO pledges_statechange (pledge_id, seq, source, target, reason, at)
        SELECT id, 1, '', 'pending', '', created_at FROM made
    )
    SELECT id FROM made
"""  # noqa: S608  composed of the constants above


def insert_pledges(rows: Sequence[PledgeRow]) -> set[UUID]:
    """Write those whose intent is new; returns their ids. Waits for a concurrent transaction with the same intent."""
    if not rows:
        return set()
    arrays = [[getattr(row, name) for row in rows] for name in _COLUMNS | _PERSON]
    return {row["id"] for row in db.rows(_INSERT, arrays)}
