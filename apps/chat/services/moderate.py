"""What the campaign's team may do in its rooms; every act is a line of the append-only trail, in the same commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from apps.accounts import interface as accounts
from apps.platform import clock, text
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, Invalid

from ..data import REASON_MAX, Visitor
from ..errors import MessageNotFound
from ..models import SLOW_MAX, Message, Moderation, Report, Restriction, Room
from ..queries.rooms import get_place
from .lock import changed, locked

MUTE_MAX = timedelta(days=30)
WORDS_MAX, WORD_LENGTH = 200, 40
_TEAM = ("team", "staff")


def mute(*, room_id: UUID, visitor: Visitor, message_id: UUID, minutes: int, reason: str = "") -> None:
    """Let the author of a message write nothing for some minutes, 30 days at most. Raises Forbidden, Invalid, MessageNotFound."""
    if not 0 < minutes <= MUTE_MAX / timedelta(minutes=1):
        raise Invalid.field("minutes", "out-of-range", "Mute for a minute up to 30 days.")
    _hold(room_id, visitor, message_id, "mute", minutes, reason)


def ban(*, room_id: UUID, visitor: Visitor, message_id: UUID, reason: str = "") -> None:
    """Let the author of a message write nothing until it is lifted. Raises Forbidden, MessageNotFound."""
    _hold(room_id, visitor, message_id, "ban", None, reason)


def lift(*, room_id: UUID, visitor: Visitor, person_id: UUID, kind: str) -> None:
    """End a mute or a ban. Repeating it does nothing. Raises Forbidden."""
    _require_team(room_id, visitor)
    with transaction.atomic():
        room = locked(room_id)
        if Restriction.objects.filter(room=room, person_id=person_id, kind=kind).delete()[0]:
            note(room=room, by=visitor.actor, action=f"un{kind}", person_id=person_id)
            changed(room)


def set_pace(*, room_id: UUID, visitor: Visitor, seconds: int) -> None:
    """Slow mode: one message a person every so many seconds, 0 for none. Raises Forbidden, Invalid."""
    _require_team(room_id, visitor)
    if not 0 <= seconds <= SLOW_MAX:
        raise Invalid.field("seconds", "out-of-range", "Use 0 seconds to an hour.")
    with transaction.atomic():
        room = locked(room_id)
        if room.slow_seconds != seconds:
            Room.objects.filter(pk=room_id).update(slow_seconds=seconds)
            note(room=room, by=visitor.actor, action="slow", reason=f"{seconds} s")


def set_blocked_words(*, room_id: UUID, visitor: Visitor, words: Sequence[str]) -> None:
    """The words that this room does not take, whole words in any case. Raises Forbidden, Invalid."""
    _require_team(room_id, visitor)
    try:
        clean = sorted({text.clean_line(word, WORD_LENGTH) for word in words} - {""})
    except ValueError as error:
        raise Invalid.field("words", "invalid", str(error)) from None
    if len(clean) > WORDS_MAX:
        raise Invalid.field("words", "too-many", f"Use at most {WORDS_MAX} words.")
    with transaction.atomic():
        room = locked(room_id)
        if room.blocked_words != clean:
            Room.objects.filter(pk=room_id).update(blocked_words=clean)
            note(room=room, by=visitor.actor, action="words", reason=f"{len(clean)} words")


def close_reports(*, room_id: UUID, visitor: Visitor, message_id: UUID) -> None:
    """Leave a reported message where it is. Raises Forbidden."""
    _require_team(room_id, visitor)
    with transaction.atomic():
        room = locked(room_id)
        mine = Report.objects.filter(message_id=message_id, message__room=room, closed_at=None)
        if mine.update(closed_at=clock.now()):
            note(room=room, by=visitor.actor, action="keep", message_id=message_id)


def note(
    *,
    room: Room,
    by: Actor,
    action: str,
    person_id: UUID | None = None,
    message_id: UUID | None = None,
    reason: str = "",
) -> None:
    """One line in the room's trail and one in the platform's. Call it last: the platform's stays locked until commit."""
    assert by.user_id is not None  # the team are people
    try:
        reason = text.clean_line(reason, REASON_MAX)
    except ValueError as error:
        raise Invalid.field("reason", "invalid", str(error)) from None
    Moderation.objects.create(
        room=room,
        at=clock.now(),
        action=action,
        by_id=by.user_id,
        person_id=person_id,
        message_id=message_id,
        reason=reason,
    )
    ids = {"person_id": person_id, "message_id": message_id}
    detail = {"campaign_id": str(room.campaign_id)} | {name: str(value) for name, value in ids.items() if value}
    accounts.record_action(by=by, action=f"chat.{action}", subject_id=room.pk, detail=detail)


def _hold(room_id: UUID, visitor: Visitor, message_id: UUID, kind: str, minutes: int | None, reason: str) -> None:
    _require_team(room_id, visitor)
    with transaction.atomic():
        room = locked(room_id)
        author = Message.objects.filter(pk=message_id, room=room).values("author_id", "side").first()
        if author is None:
            raise MessageNotFound
        if author["side"] in _TEAM:
            raise Forbidden("The team cannot be held back.")
        until = clock.now() + timedelta(minutes=minutes) if minutes else None
        Restriction.objects.update_or_create(
            room=room,
            person_id=author["author_id"],
            kind=kind,
            defaults={"until": until, "reason": reason[:REASON_MAX]},
        )
        changed(room)
        note(
            room=room,
            by=visitor.actor,
            action=kind,
            person_id=author["author_id"],
            message_id=message_id,
            reason=reason,
        )


def _require_team(room_id: UUID, visitor: Visitor) -> None:
    if not get_place(room_id=room_id, visitor=visitor).is_team:
        raise Forbidden("Only the campaign's team does this.")
