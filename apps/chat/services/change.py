"""Changing and removing what was written. A removed message stays as a tombstone, its text is gone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from apps.platform import clock

from ..data import Message, Person, Place, Visitor
from ..errors import Forbidden, MessageNotFound, NotYours, TextRefused, TooLateToEdit
from ..models import Message as Row
from ..models import Report, Room
from ..queries.access import require_person
from ..queries.messages import get_message
from ..queries.rooms import get_place
from .lock import changed, locked
from .mentions import find_mentions
from .moderate import note
from .post import clean_message, require_may_write
from .words import holds_any

EDITABLE_FOR = timedelta(minutes=15)


def edit_message(*, room_id: UUID, visitor: Visitor, message_id: UUID, message: str) -> Message:
    """Change one's own message while it is young.

    Raises RoomNotFound, NotSignedIn, MessageNotFound, NotYours, TooLateToEdit, Banned, Muted, and those of texts.
    """
    clean = clean_message(message)
    place = get_place(room_id=room_id, visitor=visitor)
    person = require_person(place)
    with transaction.atomic():
        room = locked(room_id)
        row = _row(room, message_id)
        if row.author_id != person.id:
            raise NotYours
        if row.created_at < clock.now() - EDITABLE_FOR:
            raise TooLateToEdit
        require_may_write(room, person)
        if not person.is_team and holds_any(clean, room.blocked_words):
            raise TextRefused
        if row.text != clean:
            row.text, row.edited_at, row.version = clean, clock.now(), changed(room)
            row.mentions = find_mentions(room=room, author_id=person.id, manager_id=place.manager_id, message=clean)
            row.save(update_fields=["text", "edited_at", "version", "mentions"])
    found = get_message(place=place, message_id=message_id)
    assert found is not None
    return found


def remove_message(*, room_id: UUID, visitor: Visitor, message_id: UUID, reason: str = "") -> None:
    """Take a message away: one's own at any time, others' as the campaign's team, which is noted in the trail.

    Repeating it does nothing. Raises RoomNotFound, NotSignedIn, MessageNotFound, Forbidden.
    """
    place = get_place(room_id=room_id, visitor=visitor)
    person = require_person(place)
    with transaction.atomic():
        room = locked(room_id)
        row = Row.objects.filter(pk=message_id, room=room).first()
        if row is None:
            raise MessageNotFound
        if row.author_id != person.id and not person.is_team:
            raise Forbidden("Only who wrote a message and the campaign's team take it away.")
        if row.removed_at is None:
            _bury(room, row, person, place, visitor, reason)


def _bury(room: Room, row: Row, person: Person, place: Place, visitor: Visitor, reason: str) -> None:
    row.text, row.removed_at, row.removed_by, row.version = "", clock.now(), person.id, changed(room)
    row.mentions = []
    row.save(update_fields=["text", "removed_at", "removed_by", "version", "mentions"])
    Report.objects.filter(message=row, closed_at=None).update(closed_at=clock.now())
    if row.author_id != person.id:
        note(room=room, by=visitor.actor, action="remove", person_id=row.author_id, message_id=row.pk, reason=reason)


def _row(room: Room, message_id: UUID) -> Row:
    row = Row.objects.filter(pk=message_id, room=room, removed_at=None).first()
    if row is None:
        raise MessageNotFound
    return row
