"""Writing letters: rows in the caller's transaction, one per kind, thing and recipient, for ever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from apps.platform import clock, db, wake
from apps.platform.ids import new_id

SEND = "notifications.send_letters"
AT_ONCE, SOON, LATER = 0, 1, 2
DONOR = "donor"
# What a person waits for before the screen goes out first; what many get at once goes out last.
PRIORITY = {
    "password_reset": AT_ONCE,
    "verification": AT_ONCE,
    "security": AT_ONCE,
    "gift_history": AT_ONCE,
    "plan_link": AT_ONCE,
    "follow_confirmation": AT_ONCE,
    "team_invitation": AT_ONCE,
    "update": LATER,
    "digest": LATER,
}
_WRITE = """
    INSERT INTO notifications_letter (id, kind, about, recipient, data, priority, status, attempts, due_at, created_at, last_error)
    SELECT id, kind, about, recipient, data, priority, 'waiting', 0, due_at, %(now)s, ''
    FROM unnest(%(ids)s::uuid[], %(kinds)s::text[], %(abouts)s::uuid[], %(recipients)s::text[], %(data)s::jsonb[],
                %(priorities)s::smallint[], %(dues)s::timestamptz[])
        AS letter(id, kind, about, recipient, data, priority, due_at)
    ON CONFLICT (kind, about, recipient) DO NOTHING
"""


class NewLetter(msgspec.Struct, frozen=True, kw_only=True):
    """`about` is what the letter tells of; `recipient` is `donor` of that gift, or `user:<id>`, `follower:<id>`, `invitation:<id>`."""

    kind: str
    about: UUID
    recipient: str
    data: dict[str, Any] = {}
    due_at: datetime | None = None


def write_letters(letters: Sequence[NewLetter]) -> int:
    """Queue letters in the caller's transaction, in one statement; returns how many are new. A worker sends them."""
    if not letters:
        return 0
    now = clock.now()
    written = db.execute(
        _WRITE,
        {
            "now": now,
            "ids": [new_id() for _ in letters],
            "kinds": [each.kind for each in letters],
            "abouts": [each.about for each in letters],
            "recipients": [each.recipient for each in letters],
            "data": [msgspec.json.encode(each.data).decode() for each in letters],
            "priorities": [PRIORITY.get(each.kind, SOON) for each in letters],
            "dues": [each.due_at or now for each in letters],
        },
    )
    if any(PRIORITY.get(each.kind) == AT_ONCE for each in letters):
        wake.on_commit(SEND)
    return written
