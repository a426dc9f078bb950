"""What crosses the border of this context. Names are asked of accounts when something is read, never kept here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from apps.platform.actors import ANONYMOUS, Actor

CAMPAIGN, SUPPORT = "campaign", "support"
TEXT_MAX, CLIENT_ID_MAX, REASON_MAX = 2_000, 64, 200
NOBODY = UUID(int=0)
"""Stands for all who read without having signed in."""


@dataclass(frozen=True)
class Visitor:
    """Who comes to a room: an actor, and the capability of a support room's link where there is one."""

    actor: Actor = ANONYMOUS
    key: str = ""


@dataclass(frozen=True)
class Person:
    """Someone as a room shows them. `side`: `public`, `donor`, `guest`, `team` (the campaign's), `staff`."""

    id: UUID
    name: str
    side: str

    @property
    def is_team(self) -> bool:
        return self.side in ("team", "staff")


@dataclass(frozen=True)
class Room:
    """`name` is what clients call it. `version` rises with everything that changes in the room."""

    id: UUID
    name: str
    kind: str
    campaign_id: UUID
    pledge_id: UUID | None
    slow_seconds: int
    blocked_words: tuple[str, ...]
    last_seq: int
    version: int


@dataclass(frozen=True)
class Place:
    """A visitor's standing in a room. `person` is None for a reader who is not signed in."""

    room: Room
    person: Person | None
    manager_id: UUID
    campaign_title: str
    campaign_slug: str

    @property
    def is_team(self) -> bool:
        return self.person is not None and self.person.is_team


@dataclass(frozen=True)
class Message:
    """`seq` counts the room's messages without gaps; `version` is the room's when this message last changed.

    A removed message is a tombstone: its place stays, its text is gone.
    """

    id: UUID
    room_id: UUID
    seq: int
    version: int
    author: Person
    text: str
    at: datetime
    edited_at: datetime | None
    is_removed: bool
    reply_to: UUID | None
    mentions: tuple[UUID, ...]


@dataclass(frozen=True)
class ReadMark:
    """How far someone has read: everything up to message `up_to`."""

    room_id: UUID
    version: int
    person: Person
    up_to: UUID


@dataclass(frozen=True)
class Changes:
    """What changed behind a version: messages written, edited or removed, and read marks, in the order of versions."""

    messages: tuple[Message, ...]
    reads: tuple[ReadMark, ...]
    version: int


@dataclass(frozen=True)
class History:
    """Messages, oldest first. `before` leads further back, None at the beginning; `version` is the room's at reading."""

    messages: tuple[Message, ...]
    before: int | None
    version: int


@dataclass(frozen=True)
class Presence:
    """How many people are in a room over all processes, and who of them is writing."""

    online: int
    typing: tuple[Person, ...] = ()


@dataclass(frozen=True)
class Conversation:
    """A support room in someone's list."""

    room: Room
    campaign_title: str
    donor_name: str
    last_text: str
    last_at: datetime
    unread: int


@dataclass(frozen=True)
class Report:
    id: UUID
    message: Message
    reason: str
    at: datetime
    number: int


@dataclass(frozen=True)
class Restriction:
    person: Person
    kind: str
    until: datetime | None
    reason: str


@dataclass(frozen=True)
class ModerationEntry:
    """One line of a room's moderation trail, append-only."""

    at: datetime
    action: str
    by_name: str
    person_name: str
    message_id: UUID | None
    reason: str


@dataclass(frozen=True)
class Desk:
    """What the team sees of a room: open reports, who is held back, the newest lines of the trail."""

    reports: tuple[Report, ...] = field(default=())
    restrictions: tuple[Restriction, ...] = field(default=())
    trail: tuple[ModerationEntry, ...] = field(default=())
