"""Telling people: one numbered row per person and fact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from apps.platform import clock, db
from apps.platform.ids import new_id

from ..data import ALWAYS_MAILED, KindPreference
from ..gateway.pokes import poke_inboxes
from ..queries.preferences import preferred, quiet_until, recipients
from .write_letters import NewLetter, write_letters


class NewInboxEntry(msgspec.Struct, frozen=True, kw_only=True):
    user_id: UUID
    kind: str
    key: str
    at: datetime
    data: dict[str, Any]


class Told(msgspec.Struct, frozen=True):
    """A row that is new, with its number."""

    id: UUID
    user_id: UUID
    kind: str
    key: str
    seq: int


# The inboxes are locked in the order of their ids and stay so until commit: numbers have no gaps and readers miss nothing.
_LOCK = """
    INSERT INTO notifications_inbox AS inbox (user_id, last_seq, unread)
    SELECT user_id, 0, 0 FROM unnest(%s::uuid[]) AS wanted(user_id) ORDER BY user_id
    ON CONFLICT (user_id) DO UPDATE SET last_seq = inbox.last_seq
"""
# A statement of its own behind the locks, so that it sees every entry that was committed before.
_POST = """
    WITH wanted AS (
        SELECT * FROM unnest(%(ids)s::uuid[], %(users)s::uuid[], %(kinds)s::text[], %(keys)s::text[], %(ats)s::timestamptz[],
                             %(data)s::jsonb[], %(live)s::boolean[], %(digest)s::boolean[])
            WITH ORDINALITY AS wanted(id, user_id, kind, key, at, data, is_live, in_digest, place)
    ), fresh AS (
        SELECT DISTINCT ON (user_id, kind, key) wanted.* FROM wanted
        WHERE NOT EXISTS (
            SELECT 1 FROM notifications_inboxentry AS told
            WHERE told.user_id = wanted.user_id AND told.kind = wanted.kind AND told.key = wanted.key)
        ORDER BY user_id, kind, key, place
    ), numbered AS (
        SELECT fresh.*, inbox.last_seq + row_number() OVER (PARTITION BY fresh.user_id ORDER BY place) AS seq
        FROM fresh JOIN notifications_inbox AS inbox ON inbox.user_id = fresh.user_id
    ), told AS (
        INSERT INTO notifications_inboxentry (id, user_id, seq, kind, key, at, data, is_live, in_digest, read_at)
        SELECT id, user_id, seq, kind, key, at, data, is_live, in_digest, CASE WHEN NOT is_live THEN %(now)s::timestamptz END
        FROM numbered
    ), counted AS (
        UPDATE notifications_inbox AS inbox SET last_seq = inbox.last_seq + new.entries, unread = inbox.unread + new.unread
        FROM (SELECT user_id, count(*) AS entries, count(*) FILTER (WHERE is_live) AS unread FROM numbered GROUP BY 1) AS new
        WHERE inbox.user_id = new.user_id
    )
    SELECT id, user_id, kind, key, seq FROM numbered ORDER BY place
"""


def post_inbox(entries: Sequence[NewInboxEntry]) -> list[Told]:
    """Tell people, each fact once, in the caller's transaction; returns what was new. Three statements however many."""
    if not entries:
        return []
    users = sorted({entry.user_id for entry in entries})
    wishes = preferred({(entry.user_id, entry.kind) for entry in entries})
    db.execute(_LOCK, [users])
    rows = db.rows(
        _POST,
        {
            "ids": [new_id() for _ in entries],
            "users": [entry.user_id for entry in entries],
            "kinds": [entry.kind for entry in entries],
            "keys": [entry.key for entry in entries],
            "ats": [entry.at for entry in entries],
            "data": [msgspec.json.encode(entry.data).decode() for entry in entries],
            "live": [wishes[entry.user_id, entry.kind].live for entry in entries],
            "digest": [wishes[entry.user_id, entry.kind].digest for entry in entries],
            "now": clock.now(),
        },
    )
    told = [Told(**row) for row in rows]
    _write_notices(told, wishes)
    if told:
        transaction.on_commit(partial(poke_inboxes, sorted({each.user_id for each in told})), robust=True)
    return told


def _write_notices(told: Sequence[Told], wishes: dict[tuple[UUID, str], KindPreference]) -> None:
    """A letter for those who want the kind by e-mail, after their quiet hours."""
    mailed = [each for each in told if wishes[each.user_id, each.kind].email and each.kind not in ALWAYS_MAILED]
    people = recipients({each.user_id for each in mailed}) if mailed else {}
    now = clock.now()
    write_letters(
        [
            NewLetter(
                kind="notice",
                about=each.id,
                recipient=f"user:{each.user_id}",
                due_at=quiet_until(people[each.user_id], now),
            )
            for each in mailed
        ]
    )
