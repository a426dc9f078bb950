from __future__ import annotations

from uuid import UUID

from django.db import transaction

from apps.platform import db

from ..data import Visitor
from ..errors import MessageNotFound
from ..models import Message, ReadMark
from ..queries.access import require_person
from ..queries.rooms import get_place
from .lock import changed, locked

_MARK = """
    INSERT INTO chat_readmark (room_id, person_id, side, seq, version)
    VALUES (%(room)s, %(person)s, %(side)s, %(seq)s, %(version)s)
    ON CONFLICT (room_id, person_id) DO UPDATE SET seq = excluded.seq, version = excluded.version, side = excluded.side
    WHERE chat_readmark.seq < excluded.seq
"""


def mark_read(*, room_id: UUID, visitor: Visitor, up_to: UUID) -> bool:
    """Note that this person has read everything up to a message. Marks never go back; False where nothing moved.

    Raises RoomNotFound, NotSignedIn, MessageNotFound.
    """
    person = require_person(get_place(room_id=room_id, visitor=visitor))
    seq = Message.objects.filter(pk=up_to, room_id=room_id).values_list("seq", flat=True).first()
    if seq is None:
        raise MessageNotFound
    if ReadMark.objects.filter(room_id=room_id, person_id=person.id, seq__gte=seq).exists():
        return False  # most repeats end here, without the room's lock; the statement below decides
    with transaction.atomic():
        room = locked(room_id)
        values = {"room": room_id, "person": person.id, "side": person.side, "seq": seq, "version": room.version + 1}
        moved = bool(db.execute(_MARK, values))
        if moved:
            changed(room)
    return moved
