"""Facts that payments announces. Ids and amounts only; amounts are minor units.

Of the end of a payment exactly one is told: PaymentFailed (it was declined or failed) or PaymentReleased (the hold was
let go, on request or because it expired). PaymentCaptured may follow either of them: the provider has then proven that
the money was taken after all. PaymentCaptured can come without a PaymentAuthorized before it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from apps.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class PaymentAuthorized(Event):
    type: ClassVar[str] = "payment.authorized"
    payment_id: UUID
    reference: UUID
    amount: int
    currency: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentCaptured(Event):
    type: ClassVar[str] = "payment.captured"
    payment_id: UUID
    reference: UUID
    amount: int
    currency: str
    transaction: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentFailed(Event):
    type: ClassVar[str] = "payment.failed"
    payment_id: UUID
    reference: UUID
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentReleased(Event):
    """The hold is gone and nothing was taken; the payment is failed with reason `released`."""

    type: ClassVar[str] = "payment.released"
    payment_id: UUID
    reference: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentRefunded(Event):
    """`refund_id` is the id given to `request_refund`, None for a refund that was started at the provider."""

    type: ClassVar[str] = "payment.refunded"
    payment_id: UUID
    reference: UUID
    refund_id: UUID | None
    amount: int
    transaction: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentRefundFailed(Event):
    """The provider refused the refund for good; nothing was paid back by it."""

    type: ClassVar[str] = "payment.refund-failed"
    payment_id: UUID
    reference: UUID
    refund_id: UUID
    amount: int
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentFlagged(Event):
    """Something about a payment does not fit and was written down for a human; `kind` names it."""

    type: ClassVar[str] = "payment.flagged"
    payment_id: UUID
    reference: UUID
    kind: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AnomalyDecided(Event):
    """A person decided about a finding. `action` is one of ask, accept, refund, dismiss; `by_id` is a user or API key."""

    type: ClassVar[str] = "payment.anomaly-decided"
    anomaly_id: int
    kind: str
    action: str
    payment_id: UUID | None
    reference: UUID | None
    by_id: UUID | None
    by_kind: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ApprovalGiven(Event):
    """The provider keeps the payer's standing approval; payments may be opened with it."""

    type: ClassVar[str] = "payment.approval-given"
    approval_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ApprovalRefused(Event):
    """The provider keeps no approval for this account."""

    type: ClassVar[str] = "payment.approval-refused"
    approval_id: UUID
    reason: str
    at: datetime
