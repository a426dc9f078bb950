from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import astuple, dataclass
from datetime import datetime
from uuid import UUID

from apps.platform import db

from ..data import NewPledge

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


def was_taken(*, new: NewPledge) -> bool:
    """Whether this very wish became a pledge before, so that making it again only repeats the answer. One query."""
    if new.idempotency_key is None:
        return False
    intent = (new.caller_scope, new.idempotency_key)
    known = pledges_of_intents({intent}).get(intent)
    return known is not None and known.fingerprint == fingerprint_of(new)


def fingerprint_of(new: NewPledge) -> bytes:
    """Tells one wish from another under the same key; the caller's own where it brought one."""
    return new.fingerprint or hashlib.sha256(repr(astuple(new)).encode(errors="replace")).digest()
