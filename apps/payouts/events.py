"""Facts about payouts. Ids and amounts only: neither account numbers nor names."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class _PayoutFact(Event):
    payout_id: UUID
    campaign_id: UUID
    currency: str
    amount: int
    requested_by_id: UUID


@dataclass(frozen=True, kw_only=True)
class PayoutRequested(_PayoutFact):
    type: ClassVar[str] = "payout.requested"


@dataclass(frozen=True, kw_only=True)
class PayoutApproved(_PayoutFact):
    type: ClassVar[str] = "payout.approved"


@dataclass(frozen=True, kw_only=True)
class PayoutDeclined(_PayoutFact):
    type: ClassVar[str] = "payout.declined"


@dataclass(frozen=True, kw_only=True)
class PayoutPaid(_PayoutFact):
    """The bank has sent the money; `transfer` is its name for it."""

    type: ClassVar[str] = "payout.paid"
    transfer: str


@dataclass(frozen=True, kw_only=True)
class PayoutFailed(_PayoutFact):
    """The bank refused for good; the money is the campaign's again."""

    type: ClassVar[str] = "payout.failed"
    reason: str
