"""The frames of the live feed, both ways. Out: {"type", "id", "at", "data"}. In: subscribe and resume."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from apps.notifications.interface import Entry, InboxEntry
from apps.platform import clock
from apps.platform.clock import rfc3339

MAX_BYTES = 16 * 1024
MAX_TOPICS = 50


class BadFrame(Exception):
    """A frame that cannot be used: `code` names why, for the client's error frame."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


class Subscribe(msgspec.Struct, tag="subscribe", tag_field="type"):
    topics: list[str]


class Resume(msgspec.Struct, tag="resume", tag_field="type"):
    """`after`: the last entry seen, of the feed or of one's own inbox. `inbox`: the last number seen of one's own."""

    after: UUID | None = None
    inbox: int | None = None


_decoder = msgspec.json.Decoder(Subscribe | Resume)


def read(text: str | None) -> Subscribe | Resume:
    """Raises BadFrame for everything that is not one of the two."""
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


def of_entry(entry: Entry) -> str:
    return write(entry.type, entry.data, entry_id=entry.id, at=rfc3339(entry.at))


def of_inbox_entry(entry: InboxEntry, *, unread: int) -> str:
    """What concerns this person alone. `seq` numbers it; `unread` is the count of the whole inbox."""
    data = {"kind": entry.kind, "seq": entry.seq, "unread": unread, "is_quiet": entry.is_quiet, "about": entry.data}
    return write("notification", data, entry_id=entry.id, at=rfc3339(entry.at))


def of_error(code: str, detail: str) -> str:
    return write("error", {"code": code, "detail": detail})


def write(kind: str, data: dict[str, Any], *, entry_id: UUID | None = None, at: str | None = None) -> str:
    frame = {"type": kind, "id": entry_id, "at": at or rfc3339(clock.now()), "data": data}
    return msgspec.json.encode(frame).decode()
