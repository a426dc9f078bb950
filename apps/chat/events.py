from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class MessageWaiting(Event):
    """The first message that the other side of a support room has not read. `recipient_id` is the person to tell: the
    campaign's manager, or the donor; None where the donor is a guest, whom only the link of the gift `pledge_id` reaches."""

    type: ClassVar[str] = "chat.message_waiting"
    room_id: UUID
    message_id: UUID
    campaign_id: UUID
    pledge_id: UUID
    recipient_id: UUID | None
    is_for_team: bool


@dataclass(frozen=True, kw_only=True)
class PersonMentioned(Event):
    type: ClassVar[str] = "chat.mentioned"
    room_id: UUID
    message_id: UUID
    campaign_id: UUID
    recipient_id: UUID


@dataclass(frozen=True, kw_only=True)
class MessageReported(Event):
    """The first report about a message."""

    type: ClassVar[str] = "chat.reported"
    room_id: UUID
    message_id: UUID
    campaign_id: UUID
    manager_id: UUID
