"""Facts about pledges. Ids and amounts only: who gave is never told here, `donor_key` merely tells donors apart."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from apps.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class _PledgeFact(Event):
    pledge_id: UUID
    campaign_id: UUID
    currency: str
    amount: int
    donor_id: UUID | None
    donor_key: str
    is_anonymous: bool
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True)
class PledgeCreated(_PledgeFact):
    type: ClassVar[str] = "pledge.created"


@dataclass(frozen=True, kw_only=True)
class PledgeAuthorized(_PledgeFact):
    type: ClassVar[str] = "pledge.authorized"


@dataclass(frozen=True, kw_only=True)
class PledgeCaptured(_PledgeFact):
    """`amount` is what was captured."""

    type: ClassVar[str] = "pledge.captured"


@dataclass(frozen=True, kw_only=True)
class PledgeFailed(_PledgeFact):
    type: ClassVar[str] = "pledge.failed"
    reason: str


@dataclass(frozen=True, kw_only=True)
class PledgeRefunded(_PledgeFact):
    """`amount` is what this refund gave back, `refunded_amount` all refunds so far; `is_full` when nothing is left."""

    type: ClassVar[str] = "pledge.refunded"
    refund_id: UUID
    refunded_amount: int
    is_full: bool


@dataclass(frozen=True, kw_only=True)
class ReceiptIssued(_PledgeFact):
    """The gift has its receipt, number `number` of `series`. Told once per gift."""

    type: ClassVar[str] = "pledge.receipt_issued"
    series: str
    number: int


@dataclass(frozen=True, kw_only=True)
class ReceiptRequested(Event):
    """The gift's receipt is to be written to its donor once more; each request is a letter."""

    type: ClassVar[str] = "pledge.receipt_requested"
    pledge_id: UUID
    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class PledgeMarked(Event):
    """The gift was marked as made to try something out, or is no more."""

    type: ClassVar[str] = "pledge.marked"
    pledge_id: UUID
    campaign_id: UUID
    is_test: bool


@dataclass(frozen=True, kw_only=True)
class HistoryRequested(Event):
    """Somebody asked for the gifts of an address, which may have none."""

    type: ClassVar[str] = "pledge.history_requested"
    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class PledgeDonorForgotten(Event):
    """Who gave this was erased. Whoever keeps a name or an address with the gift reads it anew and finds none."""

    type: ClassVar[str] = "pledge.donor_forgotten"
    pledge_id: UUID
    campaign_id: UUID


@dataclass(frozen=True, kw_only=True)
class DedicationDue(Event):
    """The day has come to tell somebody of a gift in honour or in memory of someone, and the gift has arrived. Told once."""

    type: ClassVar[str] = "pledge.dedication_due"
    pledge_id: UUID
