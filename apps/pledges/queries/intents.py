from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.platform import db

Intent = tuple[str, str]
_KNOWN = """
    SELECT pledge.id, pledge.caller_scope, pledge.idempotency_key, pledge.fingerprint, pledge.campaign_id, pledge.amount,
           pledge.currency, pledge.created_at
    FROM pledges_pledge AS pledge JOIN unnest(%s::text[], %s::text[]) AS wanted(scope, key)
        ON pledge.caller_scope = wanted.scope AND pledge.idempotency_key = wanted.key
"""


@dataclass(frozen=True)
class KnownPledge:
    """What the first answer to an intent said; none of it ever changes."""

    id: UUID
    fingerprint: bytes
    campaign_id: UUID
    amount: int
    currency: str
    created_at: datetime


def pledges_of_intents(intents: Collection[Intent]) -> dict[Intent, KnownPledge]:
    """The pledges that were made for these (caller scope, key) pairs."""
    pairs = sorted(intents)
    found = db.rows(_KNOWN, [[scope for scope, _ in pairs], [key for _, key in pairs]])
    return {
        (row.pop("caller_scope"), row.pop("idempotency_key")): KnownPledge(
            **row | {"fingerprint": bytes(row["fingerprint"])}
        )
        for row in found
    }
