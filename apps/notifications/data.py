"""What the feed hands out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

PLATFORM = "platform"


@dataclass(frozen=True)
class Entry:
    """One line of the public feed. `seq` is gapless and in the order of commits; `topic` is `campaign:<id>`."""

    id: UUID
    seq: int
    topic: str
    type: str
    at: datetime
    data: dict[str, Any]


@dataclass(frozen=True)
class Position:
    """A place in the feed: the last entry that lies before it, or the nil id and 0 at the very beginning."""

    id: UUID
    seq: int


BEGINNING = Position(UUID(int=0), 0)


def campaign_topic(campaign_id: UUID) -> str:
    return f"campaign:{campaign_id}"
