"""Writing a message."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.outbox import interface as outbox
from apps.platform import clock, text

from ..data import CLIENT_ID_MAX, SUPPORT, TEXT_MAX, Message, Person, Place, Visitor
from ..errors import (
    Banned,
    ClientIdUnusable,
    MessageNotFound,
    Muted,
    SlowMode,
    TextEmpty,
    TextRefused,
    TextTooLong,
    TextUnusable,
    TooManyMessages,
)
from ..events import MessageWaiting, PersonMentioned
from ..models import Message as Row
from ..models import ReadMark, Restriction, Room
from ..queries.access import require_person
from ..queries.messages import get_message
from ..queries.rooms import get_place
from .lock import changed, locked
from .mentions import find_mentions
from .words import holds_any

BURST, BURST_SECONDS = 8, 10
_CLIENT_ID = re.compile(rf"[^\x00-\x1f\x7f]{{1,{CLIENT_ID_MAX}}}")


def post_message(
    *, room_id: UUID, visitor: Visitor, client_id: str, message: str, reply_to: UUID | None = None
) -> Message:
    """Write a message. The same `client_id` of the same person again gives the message of the first time.

    Raises RoomNotFound, NotSignedIn, Banned, Muted, SlowMode, TooManyMessages, MessageNotFound (`reply_to`), and for the
    text TextEmpty, TextTooLong, TextUnusable, TextRefused. Publishes MessageWaiting and PersonMentioned where due.
    """
    if not _CLIENT_ID.fullmatch(client_id):
        raise ClientIdUnusable
    clean = clean_message(message)
    place = get_place(room_id=room_id, visitor=visitor)
    person = require_person(place)
    with transaction.atomic():
        room = locked(room_id)
        told = (
            Row.objects.filter(room=room, author_id=person.id, client_id=client_id).values_list("pk", flat=True).first()
        )
        if told is None:
            require_may_write(room, person)
            _require_pace(room, person)
            if not person.is_team and holds_any(clean, room.blocked_words):
                raise TextRefused
            if reply_to is not None and not Row.objects.filter(pk=reply_to, room=room).exists():
                raise MessageNotFound
            mentions = find_mentions(room=room, author_id=person.id, manager_id=place.manager_id, message=clean)
            told = _insert(room, person, client_id, clean, reply_to, mentions)
            _announce(room, place, person, told, mentions)
    found = get_message(place=place, message_id=told)
    assert found is not None  # just written
    return found


def clean_message(message: str) -> str:
    """The text as it is kept. Raises TextEmpty, TextTooLong, TextUnusable."""
    if len(message) > TEXT_MAX + 200:  # white space around it may go, but nobody sends that much
        raise TextTooLong
    try:
        clean = text.clean_text(message, TEXT_MAX + 200)
    except ValueError as error:
        raise TextUnusable(str(error)) from None
    if not clean:
        raise TextEmpty
    if len(clean) > TEXT_MAX:
        raise TextTooLong
    return clean


def require_may_write(room: Room, person: Person) -> None:
    held = {each.kind: each for each in Restriction.objects.filter(room=room, person_id=person.id)}
    if "ban" in held:
        raise Banned
    mute = held.get("mute")
    if mute is not None and mute.until is not None and mute.until > clock.now():
        raise Muted(retry_after=_seconds_until(mute.until - clock.now()))


def _require_pace(room: Room, person: Person) -> None:
    """Counted over the rows, so it holds over all processes. The team is not slowed, only kept from flooding."""
    last = list(
        Row.objects.filter(room=room, author_id=person.id).order_by("-seq").values_list("created_at", flat=True)[:BURST]
    )
    now = clock.now()
    if last and room.slow_seconds and not person.is_team:
        wait = last[0] + timedelta(seconds=room.slow_seconds) - now
        if wait > timedelta():
            raise SlowMode(
                f"Slow mode: one message every {room.slow_seconds} seconds.", retry_after=_seconds_until(wait)
            )
    if settings.RATE_LIMITS and len(last) == BURST:
        wait = last[-1] + timedelta(seconds=BURST_SECONDS) - now
        if wait > timedelta():
            raise TooManyMessages(retry_after=_seconds_until(wait))


def _insert(
    room: Room, person: Person, client_id: str, clean: str, reply_to: UUID | None, mentions: list[UUID]
) -> UUID:
    room.last_seq += 1
    version = changed(room)
    row = Row.objects.create(
        room=room,
        seq=room.last_seq,
        version=version,
        author_id=person.id,
        side=person.side,
        client_id=client_id,
        text=clean,
        reply_to_id=reply_to,
        mentions=mentions,
        created_at=clock.now(),
    )
    return row.pk


def _announce(room: Room, place: Place, person: Person, message_id: UUID, mentions: list[UUID]) -> None:
    about = {"room_id": room.pk, "message_id": message_id, "campaign_id": room.campaign_id}
    outbox.publish(*(PersonMentioned(**about, recipient_id=each) for each in mentions))
    if room.kind == SUPPORT and _is_first_unread(room, person):
        assert room.pledge_id is not None  # chat_room_kind
        recipient = room.donor_id if person.is_team else place.manager_id
        outbox.publish(
            MessageWaiting(**about, pledge_id=room.pledge_id, recipient_id=recipient, is_for_team=not person.is_team)
        )


def _is_first_unread(room: Room, person: Person) -> bool:
    """Whether the other side had read everything of this side before: one notice for what waits, not one a message."""
    ours = ["team", "staff"] if person.is_team else ["donor", "guest"]
    read = (
        ReadMark.objects.filter(room=room).exclude(side__in=ours).order_by("-seq").values_list("seq", flat=True).first()
    )
    waiting = Row.objects.filter(room=room, side__in=ours, removed_at=None, seq__gt=read or 0, seq__lt=room.last_seq)
    return not waiting.exists()


def _seconds_until(wait: timedelta) -> int:
    return max(1, int(wait.total_seconds()) + 1)
