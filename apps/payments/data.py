"""Plain values that cross the boundary of payments. Amounts are minor units of `currency`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Literal
from uuid import UUID

Capture = Literal["automatic", "manual"]
NOTE_MAX = 500
AT_BANK = "at-the-bank"
"""In place of an account: the payer names it on the provider's own page, and approves there. Whoever wants the payment sends
them to `consent_page`."""


@dataclass(frozen=True, kw_only=True)
class NewPayment:
    """What to take: `id` is chosen by the caller, `reference` is whatever the money is for and stays opaque here.

    `request_id` names the request that wants it; empty means the current one. With `approval_id` it is taken by that
    standing approval, and `account` is not looked at.
    """

    id: UUID
    reference: UUID
    provider: str
    account: str
    amount: int
    currency: str
    capture: Capture = "automatic"
    request_id: str = ""
    approval_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Payment:
    """A payment as it stands. `hold` is the provider's name of it, empty until the provider answered."""

    id: UUID
    reference: UUID
    provider: str
    status: Literal["pending", "authorized", "captured", "failed"]
    hold: str
    amount: int
    currency: str
    captured_amount: int
    refunded_amount: int
    failure_reason: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class ProviderStep:
    """One thing that a provider told (`side` told, `source` is where it came from) or was asked (`source` is how that ended)."""

    at: datetime
    side: Literal["told", "asked"]
    provider: str
    kind: str
    amount: int | None
    source: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """A movement in a provider's books; `reference` is the provider's own number of it."""

    kind: str
    reference: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class ProviderBooks:
    """What a provider's books say about a payment. Not `is_known` when it could not be asked; without `hold` it has none."""

    payment_id: UUID
    provider: str
    is_known: bool
    hold: str = ""
    amount: int = 0
    currency: str = ""
    reason: str = ""
    lines: tuple[LedgerLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InboxMessage:
    """A webhook that was let in; `outcome` is empty while it waits, `size` is that of its body in bytes."""

    id: int
    provider: str
    webhook_id: str
    received_at: datetime
    attempts: int
    processed_at: datetime | None
    request_id: str
    outcome: str
    size: int


class Receipt(Enum):
    """What became of a webhook that was let in."""

    STORED = "stored"
    ALREADY = "already-stored"


@dataclass(frozen=True, kw_only=True)
class AnomalyDecision:
    """What somebody did about a finding; `by_kind` is user, api-key or system, `by_id` is theirs, None for the system."""

    action: str
    by_id: UUID | None
    by_kind: str
    note: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Anomaly:
    """Something that does not fit. `reason` is a sentence for people, `evidence` what was seen, without personal data.

    `actions` are what `decide_anomaly` takes now, none once it is closed. `reference` is the payment's, None when no payment
    of ours is meant. `decisions` are filled by `get_anomaly`, oldest first.
    """

    id: int
    provider: str
    kind: str
    subject: str
    payment_id: UUID | None
    reference: UUID | None
    state: Literal["open", "resolved", "dismissed"]
    reason: str
    evidence: Mapping[str, Any]
    actions: tuple[str, ...]
    created_at: datetime
    resolved_at: datetime | None
    decisions: tuple[AnomalyDecision, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AnomalyPage:
    """A slice of the queue; cursors are opaque, None where the list ends."""

    results: Sequence[Anomaly]
    next_cursor: str | None
    previous_cursor: str | None
