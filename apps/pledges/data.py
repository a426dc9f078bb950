"""What crosses the border of this context. Amounts are whole minor units of the currency beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Literal, TypeVar
from uuid import UUID

Capture = Literal["automatic", "manual"]
AUTOMATIC: Capture = "automatic"
MANUAL: Capture = "manual"
GUEST = "guest"
MESSAGE_MAX = 500
NAME_MAX = 120
REASON_MAX = 200
NOTE_MAX = 1000
JOB_ACTIONS = ("capture", "cancel", "resend_receipt")
JOB_MAX = 5_000

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class NewDedication:
    """In honour or in memory of whom a gift is, and whom to tell. `kind` is honour or memory; without an address nobody is told;
    `is_public` shows it beside the gift on the campaign's page."""

    kind: str
    honoree: str
    is_public: bool = False
    recipient_name: str = ""
    recipient_email: str = ""
    message: str = ""
    send_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class DedicationLetter:
    """A message about a gift to a third person; `donor_name` is empty where the donor wishes not to be named."""

    pledge_id: UUID
    kind: str
    honoree: str
    recipient_name: str
    recipient_email: str
    message: str
    campaign_id: UUID
    campaign_title: str
    language: str
    donor_name: str


@dataclass(frozen=True, kw_only=True)
class NewPledge:
    """A wish to give, as it came in. `donor_id` is the signed-in donor, whose account then says the e-mail address.

    `cover_amount` is the part of `amount` that shall cover the provider's fee. `currency` may be left out; given, it
    must be the campaign's. `language` is the one to write to the donor in.
    With `approval_id` a standing approval pays, and `account` is not looked at: for contexts above, never from outside.
    `idempotency_key` with `caller_scope` names the intent; `fingerprint` tells two requests with one key apart.
    """

    campaign_id: UUID
    amount: int
    cover_amount: int = 0
    currency: str = ""
    donor_id: UUID | None = None
    donor_email: str = ""
    donor_name: str = ""
    language: str = ""
    anonymous: bool = False
    message: str = ""
    dedication: NewDedication | None = None
    provider: str = "bank"
    account: str = ""
    approval_id: UUID | None = None
    capture: Capture = AUTOMATIC
    caller_scope: str = GUEST
    idempotency_key: str | None = None
    fingerprint: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Pledge:
    """A pledge as its donor, the campaign's managers and staff may see it.

    `status` is what people are shown: the stored state, or `refunded` / `partially_refunded`, which follow from the amounts.
    """

    id: UUID
    campaign_id: UUID
    campaign_title: str
    donor_id: UUID | None
    donor_name: str
    donor_email: str
    amount: int
    currency: str
    captured_amount: int
    refunded_amount: int
    status: str
    failure_reason: str
    capture: str
    anonymous: bool
    message: str
    created_at: datetime
    captured_at: datetime | None
    is_test: bool = False


@dataclass(frozen=True, kw_only=True)
class MadePledge:
    """The answer to a wish to give; on a replay the same as the first time, whatever happened since."""

    pledge_id: UUID
    campaign_id: UUID
    amount: int
    currency: str
    created_at: datetime
    tracking_token: str
    is_replay: bool


@dataclass(frozen=True, kw_only=True)
class Refund:
    id: UUID
    pledge_id: UUID
    amount: int
    currency: str
    reason: str
    status: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    status: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TrackedGift:
    """What whoever holds the tracking link may see: the gift's way, nothing about the person."""

    pledge_id: UUID
    status: str
    amount: int
    currency: str
    campaign_id: UUID
    campaign_title: str
    refunded_amount: int
    failure_reason: str
    timeline: tuple[TimelineEntry, ...]
    receipt_number: str = ""
    cover_amount: int = 0


@dataclass(frozen=True, kw_only=True)
class YearSum:
    """What one donor gave in a calendar year (UTC) in one currency, net of refunds."""

    year: int
    currency: str
    gifts: int
    amount: int


@dataclass(frozen=True, kw_only=True)
class WallEntry:
    """One captured gift on the public wall. `donor_name` is empty where the donor wishes not to be named, `dedication` (honour or
    memory) and `honoree` where there is none that is public."""

    id: UUID
    donor_name: str
    anonymous: bool
    message: str
    amount: int
    currency: str
    captured_at: datetime
    dedication: str = ""
    honoree: str = ""


@dataclass(frozen=True, kw_only=True)
class PastGift:
    """A gift in the list of whoever proved an address; `receipt_number` is empty where there is no receipt."""

    campaign_title: str
    amount: int
    currency: str
    status: str
    created_at: datetime
    receipt_number: str
    tracking_token: str


@dataclass(frozen=True, kw_only=True)
class HistoryLink:
    """A link to all gifts of an address, for the letter that takes it there."""

    email: str
    language: str
    token: str


@dataclass(frozen=True, kw_only=True)
class GiftContact:
    """Whom to write to about a gift, and what about. For letters alone: it names the person, whoever the public may see."""

    pledge_id: UUID
    donor_id: UUID | None
    email: str
    name: str
    language: str
    campaign_id: UUID
    campaign_title: str
    amount: int
    currency: str
    refunded_amount: int
    status: str
    failure_reason: str
    tracking_token: str


@dataclass(frozen=True, kw_only=True)
class ReceiptRefund:
    """Minor units that were given back after the receipt was issued."""

    amount: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A receipt for its donor. `status` is `valid`, `partially_refunded`, or `void` once everything was given back;
    `donor_name` is empty where none was given or the person was erased; `code` opens the public confirmation."""

    pledge_id: UUID
    code: UUID
    number: str
    campaign_id: UUID
    campaign_title: str
    organizer: str
    issuer: str
    issuer_details: str
    donor_name: str
    amount: int
    currency: str
    refunded_amount: int
    given_at: datetime
    issued_at: datetime
    status: str
    refunds: tuple[ReceiptRefund, ...]
    cover_amount: int = 0


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One donor's receipts of a calendar year (UTC, by the day of the gift) in one currency, oldest first, with what was given
    back of them until now."""

    year: int
    currency: str
    donor_name: str
    issuer: str
    issuer_details: str
    receipts: tuple[Receipt, ...]

    @property
    def given(self) -> int:
        return sum(each.amount for each in self.receipts)

    @property
    def refunded(self) -> int:
        return sum(each.refunded_amount for each in self.receipts)


@dataclass(frozen=True, kw_only=True)
class ConfirmedReceipt:
    """What the public confirmation of a receipt tells; never who gave, nor to what."""

    number: str
    issuer: str
    amount: int
    currency: str
    refunded_amount: int
    given_at: datetime
    issued_at: datetime
    status: str


@dataclass(frozen=True, kw_only=True)
class GiftRecord:
    """A pledge for reports, with its donor; `status` as people are shown it."""

    pledge_id: UUID
    campaign_id: UUID
    campaign_title: str
    donor_id: UUID | None
    donor_key: str
    donor_name: str
    donor_email: str
    is_anonymous: bool
    currency: str
    amount: int
    captured_amount: int
    refunded_amount: int
    status: str
    failure_reason: str
    created_at: datetime
    captured_at: datetime | None
    is_test: bool = False


@dataclass(frozen=True, kw_only=True)
class StateStep:
    """One move of a pledge; `source` is empty for its making."""

    source: str
    target: str
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RefundStep:
    """A refund; not `is_reserved` when the provider made it on its own, `counted_at` when it entered the amounts."""

    id: UUID
    amount: int
    reason: str
    status: str
    requested_by_id: UUID | None
    is_reserved: bool
    created_at: datetime
    counted_at: datetime | None
    approved_by_id: UUID | None = None
    declined_by_id: UUID | None = None
    decided_at: datetime | None = None
    decision_note: str = ""


@dataclass(frozen=True, kw_only=True)
class AwaitingRefund:
    """A refund that a second person has to approve; its money is reserved meanwhile."""

    id: UUID
    pledge_id: UUID
    campaign_id: UUID
    campaign_title: str
    amount: int
    currency: str
    reason: str
    requested_by_id: UUID | None
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class GiftStory:
    steps: tuple[StateStep, ...]
    refunds: tuple[RefundStep, ...]


@dataclass(frozen=True, kw_only=True)
class Note:
    """What somebody of the team wrote down about a gift. Its donor never sees it."""

    id: UUID
    author_id: UUID
    body: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    """A slice of a list; cursors are opaque, None where the list ends."""

    results: Sequence[Item]
    next_cursor: str | None
    previous_cursor: str | None
