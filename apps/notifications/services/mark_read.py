from __future__ import annotations

from uuid import UUID

from django.db import transaction

from apps.platform import clock, db

from ..gateway.pokes import poke_inboxes

_LOCK = "SELECT unread FROM notifications_inbox WHERE user_id = %s FOR NO KEY UPDATE"
_MARK = """
    WITH marked AS (
        UPDATE notifications_inboxentry SET read_at = %(now)s
        WHERE user_id = %(user)s AND read_at IS NULL AND (%(up_to)s::bigint IS NULL OR seq <= %(up_to)s)
          AND (%(id)s::uuid IS NULL OR id = %(id)s)
        RETURNING 1
    )
    UPDATE notifications_inbox SET unread = unread - (SELECT count(*) FROM marked) WHERE user_id = %(user)s RETURNING unread
"""


def mark_read(*, user_id: UUID, up_to: int | None = None, entry_id: UUID | None = None) -> int:
    """Mark a person's entries as read: all, those up to a number, or one. Returns how many are unread still.

    Repeating it changes nothing; an id of somebody else's entry touches nothing.
    """
    with transaction.atomic():
        if not db.rows(_LOCK, [user_id]):
            return 0
        rows = db.rows(_MARK, {"now": clock.now(), "user": user_id, "up_to": up_to, "id": entry_id})
        transaction.on_commit(lambda: poke_inboxes([user_id]), robust=True)
    return int(rows[0]["unread"])
