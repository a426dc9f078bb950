from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class WaitingLetter:
    id: UUID
    kind: str
    about: UUID
    recipient: str
    data: dict[str, Any]
    attempts: int = 0

    @property
    def recipient_id(self) -> UUID:
        """The id in `user:<id>` or `follower:<id>`."""
        return UUID(self.recipient.partition(":")[2])


@dataclass(frozen=True, kw_only=True)
class Content:
    """`unsubscribe_url` is empty for what a person must get (receipts, refunds); `was_asked_for` for what the person has just
    ordered, which goes to addresses that bounced before as well."""

    address: str
    language: str
    context: dict[str, Any] = field(default_factory=dict)
    unsubscribe_url: str = ""
    was_asked_for: bool = False
