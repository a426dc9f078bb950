from __future__ import annotations

from uuid import UUID

from django.db import transaction

from apps.platform import db

from ..data import CAMPAIGN, Visitor
from ..errors import MessageNotFound
from ..models import Message, ReadMark
from ..queries.access import require_person
from ..queries.rooms import get_place
from .lock import changed, locked

TOLD_UP_TO = 50
_MARK = """
    INSERT INTO chat_readmark (room_id, person_id, side, seq, version)
    VALUES (%(room)s, %(person)s, %(side)s, %(seq)s, %(version)s)
    ON CONFLICT (room_id, person_id) DO UPDATE SET seq = excluded.seq, side = excluded.side,
        version = greatest(chat_readmark.version, excluded.version)
    WHERE chat_readmark.seq < excluded.seq
"""
_READERS = "SELECT count(*) AS number FROM (SELECT FROM chat_readmark WHERE room_id = %s LIMIT %s) AS mark"


def mark_read(*, room_id: UUID, visitor: Visitor, up_to: UUID) -> bool:
    """Note that this person has read everything up to a message. Marks never go back; False where nothing moved.

    Others are told in support rooms and small ones; where more than fifty people read, each mark would go to all of them
    under the room's lock, so it is kept without a word. Raises RoomNotFound, NotSignedIn, MessageNotFound.
    """
    place = get_place(room_id=room_id, visitor=visitor)
    person = require_person(place)
    seq = Message.objects.filter(pk=up_to, room_id=room_id).values_list("seq", flat=True).first()
    if seq is None:
        raise MessageNotFound
    if ReadMark.objects.filter(room_id=room_id, person_id=person.id, seq__gte=seq).exists():
        return False  # most repeats end here, without the room's lock; the statement below decides
    values = {"room": room_id, "person": person.id, "side": person.side, "seq": seq, "version": 0}
    if place.room.kind == CAMPAIGN and _is_crowded(room_id):
        return bool(db.execute(_MARK, values))
    with transaction.atomic():
        room = locked(room_id)
        moved = bool(db.execute(_MARK, values | {"version": room.version + 1}))
        if moved:
            changed(room)
    return moved


def _is_crowded(room_id: UUID) -> bool:
    return bool(db.rows(_READERS, [room_id, TOLD_UP_TO + 1])[0]["number"] > TOLD_UP_TO)
