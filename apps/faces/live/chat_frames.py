"""The frames of chat, both ways: flat objects with a `type`. Names and texts are plain text, never HTML."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from apps.chat.interface import History, Message, Place, ReadMark
from apps.faces.shared.chat_bodies import message_body, user_body

from .frames import MAX_BYTES, BadFrame


class Say(msgspec.Struct, tag="message", tag_field="type"):
    client_id: str
    text: str
    reply_to: UUID | None = None


class Typing(msgspec.Struct, tag="typing", tag_field="type"):
    pass


class Read(msgspec.Struct, tag="read", tag_field="type"):
    up_to: UUID


class Resume(msgspec.Struct, tag="resume", tag_field="type"):
    """Tell what changed behind a version: that of the welcome, or of the last frame that carried one."""

    after: int


class Edit(msgspec.Struct, tag="edit", tag_field="type"):
    id: UUID
    text: str


class Remove(msgspec.Struct, tag="remove", tag_field="type"):
    id: UUID
    reason: str = ""


Frame = Say | Typing | Read | Resume | Edit | Remove
_decoder = msgspec.json.Decoder(Frame)
_encode = msgspec.json.Encoder().encode


def read(text: str | None) -> Frame:
    """Raises BadFrame for everything that is none of them."""
    if text is None:
        raise BadFrame("not-text", "Send JSON as a text frame.")
    if len(text) > MAX_BYTES or len(text.encode()) > MAX_BYTES:
        raise BadFrame("frame-too-large", f"Send at most {MAX_BYTES} bytes a frame.")
    try:
        return _decoder.decode(text)
    except msgspec.ValidationError as error:
        raise BadFrame("invalid-frame", str(error)) from None
    except (msgspec.DecodeError, RecursionError):
        raise BadFrame("malformed-json", "The frame is not JSON that can be read.") from None


def write(kind: str, **fields: Any) -> str:
    return _encode({"type": kind, **fields}).decode()


def of_message(message: Message) -> str:
    if message.is_removed:
        return write("removed", id=message.id, seq=message.seq, version=message.version)
    return write("message", **message_body(message))


def of_read(mark: ReadMark) -> str:
    return write("read", user=user_body(mark.person), up_to=mark.up_to, version=mark.version)


def of_welcome(place: Place, history: History, *, online: int, unread: int) -> str:
    return write(
        "welcome",
        room=place.room.name,
        online=online,
        history=[message_body(each) for each in history.messages],
        before=history.before,
        version=history.version,
        user=user_body(place.person) if place.person else None,
        unread=unread,
        is_team=place.is_team,
        slow_seconds=place.room.slow_seconds,
    )
