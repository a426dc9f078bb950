"""A message as JSON, the same over a socket and over HTTP. Names and texts are plain text, never HTML."""

from __future__ import annotations

from typing import Any

from apps.chat.interface import Message, Person
from apps.platform.clock import rfc3339


def user_body(person: Person) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "side": person.side}


def message_body(message: Message) -> dict[str, Any]:
    """A message as histories hold it; a tombstone has `removed` and no text."""
    body = {
        "id": message.id,
        "user": user_body(message.author),
        "text": message.text,
        "at": rfc3339(message.at),
        "seq": message.seq,
        "version": message.version,
        "reply_to": message.reply_to,
        "edited_at": rfc3339(message.edited_at) if message.edited_at else None,
        "mentions": message.mentions,
    }
    return body | ({"removed": True} if message.is_removed else {})
