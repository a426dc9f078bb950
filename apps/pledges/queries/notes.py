from __future__ import annotations

from uuid import UUID

from apps.platform import db

from ..data import Note

_NOTES = "SELECT id, author_id, body, created_at FROM pledges_note WHERE pledge_id = %s ORDER BY created_at, id"


def notes_of(*, pledge_id: UUID) -> list[Note]:
    """What was written down about a gift, oldest first; one query. Checks no permissions. `body` is empty once its donor
    was erased."""
    return [Note(**row) for row in db.rows(_NOTES, [pledge_id])]
