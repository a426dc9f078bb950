"""Being forgotten: what a person wrote ends as tombstones, room by room; their marks, reasons and restrictions go."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from apps.platform import clock, db

from ..models import ReadMark, Restriction, Room
from .lock import changed, locked

_ROOMS = "SELECT DISTINCT room_id FROM chat_message WHERE author_id = ANY(%s) AND removed_at IS NULL ORDER BY room_id"
# Removed by themselves: the trail of moderation tells of what the team did, and this was not the team.
_BURY = """
    WITH theirs AS (
        SELECT id, row_number() OVER (ORDER BY seq) AS place FROM chat_message
        WHERE room_id = %(room)s AND author_id = ANY(%(people)s) AND removed_at IS NULL
    )
    UPDATE chat_message AS message SET text = '', mentions = '{}', removed_at = %(now)s, removed_by = author_id,
           version = %(version)s + theirs.place
    FROM theirs WHERE message.id = theirs.id
"""
_CLEAR_REPORTS = """
    UPDATE chat_report SET reason = '', closed_at = coalesce(closed_at, CASE WHEN message.author_id = ANY(%(people)s) THEN %(now)s END)
    FROM chat_message AS message
    WHERE message.id = message_id AND (reporter_id = ANY(%(people)s) OR message.author_id = ANY(%(people)s))
"""


def forget_people(*, user_ids: Sequence[UUID]) -> int:
    """Let go of what these people wrote, in the open transaction; who is in a room sees the tombstones at once.

    What others wrote about them stays: it is theirs, and the team's to remove. Returns how many messages there were.
    """
    people = list(user_ids)
    buried = sum(_bury(row["room_id"], people) for row in db.rows(_ROOMS, [people]))
    db.execute(_CLEAR_REPORTS, {"people": people, "now": clock.now()})
    ReadMark.objects.filter(person_id__in=people).delete()
    Restriction.objects.filter(person_id__in=people).delete()
    return buried


def forget_guests(*, pledge_ids: Sequence[UUID]) -> int:
    """The same for who wrote by the links of these gifts, without an account."""
    rooms = Room.objects.filter(pledge_id__in=pledge_ids)
    return forget_people(user_ids=[room.guest_id for room in rooms])


def _bury(room_id: UUID, people: Sequence[UUID]) -> int:
    room = locked(room_id)
    buried = db.execute(_BURY, {"room": room_id, "people": people, "now": clock.now(), "version": room.version})
    if buried:
        changed(room, buried)
    return buried
