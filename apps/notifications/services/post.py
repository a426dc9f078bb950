"""Adding to the feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from apps.platform import db
from apps.platform.ids import new_id

from ..gateway.pokes import poke


class NewEntry(msgspec.Struct, frozen=True, kw_only=True):
    topic: str
    type: str
    at: datetime
    data: dict[str, Any]
    pledge_id: UUID | None = None


# The counter's row stays locked until commit. So whoever sees number n sees every number below it too, and reading
# `seq > last` skips nothing: a plain sequence would hand out numbers that commit late (measured: half of them lost).
_TAKE_NUMBERS = """
    INSERT INTO notifications_feedcounter (id, last_seq) VALUES (1, %(number)s)
    ON CONFLICT (id) DO UPDATE SET last_seq = notifications_feedcounter.last_seq + excluded.last_seq
    RETURNING last_seq
"""
_INSERT = """
    INSERT INTO notifications_feedentry (id, seq, topic, type, at, pledge_id, data)
    SELECT entry.id, %(first)s + entry.place - 1, entry.topic, entry.type, entry.at, entry.pledge_id, entry.data
    FROM unnest(%(ids)s::uuid[], %(topics)s::text[], %(types)s::text[], %(ats)s::timestamptz[], %(pledges)s::uuid[],
                %(data)s::jsonb[]) WITH ORDINALITY AS entry(id, topic, type, at, pledge_id, data, place)
"""


def post(entries: Sequence[NewEntry]) -> None:
    """Add the entries in this order, in the caller's transaction; the live processes hear of it once it has committed.

    Two statements however many entries. Other writers wait until the caller commits.
    """
    if not entries:
        return
    last = int(db.rows(_TAKE_NUMBERS, {"number": len(entries)})[0]["last_seq"])
    db.execute(
        _INSERT,
        {
            "first": last - len(entries) + 1,
            "ids": [new_id() for _ in entries],
            "topics": [entry.topic for entry in entries],
            "types": [entry.type for entry in entries],
            "ats": [entry.at for entry in entries],
            "pledges": [entry.pledge_id for entry in entries],
            "data": [msgspec.json.encode(entry.data).decode() for entry in entries],
        },
    )
    transaction.on_commit(poke, robust=True)
