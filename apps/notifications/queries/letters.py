from __future__ import annotations

from uuid import UUID

from apps.platform import db

from ..data import LetterStep

OF_GIFTS = ("receipt", "gift_failed")
# Each half by an index: letters about the gift itself, and those about its refunds and repeats, which name it in their data.
_LETTERS = """
    SELECT id, kind, status, attempts, created_at, ended_at, last_error FROM notifications_letter
    WHERE kind = ANY(%(kinds)s) AND about = %(gift)s
    UNION
    SELECT id, kind, status, attempts, created_at, ended_at, last_error FROM notifications_letter
    WHERE data->>'pledge' = %(text)s
    ORDER BY created_at, id
"""


def letters_of_gift(*, pledge_id: UUID) -> list[LetterStep]:
    """What was written to the donor of a gift about it in the last three months, oldest first, without the address; one
    query. Checks no permissions."""
    rows = db.rows(_LETTERS, {"kinds": list(OF_GIFTS), "gift": pledge_id, "text": str(pledge_id)})
    return [LetterStep(**row) for row in rows]
