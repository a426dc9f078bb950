"""What the feed hands out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

PLATFORM = "platform"


@dataclass(frozen=True)
class Entry:
    """One line of the public feed. `seq` is gapless and in the order of commits; `topic` is `campaign:<id>`. `pledge_id` is
    for traces alone and must not leave the house."""

    id: UUID
    seq: int
    topic: str
    type: str
    at: datetime
    data: dict[str, Any]
    pledge_id: UUID | None = None


@dataclass(frozen=True)
class Position:
    """A place in the feed: the last entry that lies before it, or the nil id and 0 at the very beginning."""

    id: UUID
    seq: int


BEGINNING = Position(UUID(int=0), 0)


def campaign_topic(campaign_id: UUID) -> str:
    return f"campaign:{campaign_id}"


DONOR, MANAGER, STAFF = "donor", "manager", "staff"


@dataclass(frozen=True)
class Kind:
    """One kind of notification: whom it is for, and where it is heard unless the person says otherwise."""

    name: str
    audience: str
    email: bool = False
    digest: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        Kind("gift_authorized", DONOR),
        Kind("gift_captured", DONOR),
        Kind("gift_failed", DONOR),
        Kind("gift_refunded", DONOR),
        Kind("receipt_ready", DONOR),
        Kind("update_posted", DONOR, email=True),
        Kind("followed_goal_reached", DONOR, digest=True),
        Kind("followed_ended", DONOR, digest=True),
        Kind("answer_waiting", DONOR, email=True),
        Kind("mentioned", DONOR),
        Kind("new_gift", MANAGER, digest=True),
        Kind("goal_reached", MANAGER, email=True),
        Kind("campaign_published", MANAGER, email=True),
        Kind("campaign_returned", MANAGER, email=True),
        Kind("campaign_ended", MANAGER, digest=True),
        Kind("refund_done", MANAGER, digest=True),
        Kind("payout_paid", MANAGER, email=True),
        Kind("payout_failed", MANAGER, email=True),
        Kind("payout_declined", MANAGER, email=True),
        Kind("question_waiting", MANAGER, email=True),
        Kind("message_reported", MANAGER, email=True),
        Kind("endpoint_disabled", MANAGER, email=True),
        Kind("review_waiting", STAFF, email=True),
        Kind("payout_waiting", STAFF, email=True),
        Kind("payment_anomaly", STAFF, email=True),
        Kind("delivery_dead", STAFF, email=True),
        Kind("provider_stopped", STAFF, email=True),
    )
}
# What a gift's own letters say anyway, by e-mail and always: receipt, refund, failure.
ALWAYS_MAILED = frozenset({"gift_failed", "gift_refunded", "receipt_ready"})


@dataclass(frozen=True)
class InboxEntry:
    """One thing a person was told. `seq` is gapless per person and in the order of commits; `data` holds ids, amounts and
    titles. `is_quiet` when it came in the person's quiet hours: show it, but do not disturb."""

    id: UUID
    seq: int
    kind: str
    at: datetime
    data: dict[str, Any]
    is_read: bool
    is_quiet: bool = False


@dataclass(frozen=True)
class InboxPage:
    results: tuple[InboxEntry, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class KindPreference:
    kind: str
    live: bool
    email: bool
    digest: bool


@dataclass(frozen=True)
class Preferences:
    """`quiet_from` and `quiet_to` are minutes of the local day, both None without quiet hours."""

    language: str
    time_zone: str
    quiet_from: int | None
    quiet_to: int | None
    kinds: tuple[KindPreference, ...]


EVENT_TYPES = (
    "campaign.published",
    "campaign.ended",
    "campaign.goal_reached",
    "pledge.created",
    "pledge.captured",
    "pledge.failed",
    "pledge.refunded",
)
PING = "ping"


@dataclass(frozen=True)
class Endpoint:
    """Where an integration wants to be told. `covers_all` tells of every campaign (staff), else of the owner's own."""

    id: UUID
    owner_id: UUID
    covers_all: bool
    url: str
    description: str
    event_types: tuple[str, ...]
    is_active: bool
    failing_since: datetime | None
    disabled_at: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class WebhookDelivery:
    """`status` is `pending`, `delivered` or `failed` (given up)."""

    id: UUID
    endpoint_id: UUID
    type: str
    payload: dict[str, Any]
    status: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    response_status: int | None
    error: str


@dataclass(frozen=True)
class DeliveryPage:
    results: tuple[WebhookDelivery, ...]
    next_cursor: str | None


@dataclass(frozen=True, kw_only=True)
class LetterStep:
    """A letter about a gift; `status` is waiting, sent, dropped (nobody to write to) or dead (given up)."""

    id: UUID
    kind: str
    status: str
    attempts: int
    created_at: datetime
    ended_at: datetime | None
    last_error: str
