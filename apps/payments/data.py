"""Plain values that cross the boundary of payments. Amounts are minor units of `currency`."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Literal
from uuid import UUID

Capture = Literal["automatic", "manual"]


@dataclass(frozen=True, kw_only=True)
class NewPayment:
    """What to take: `id` is chosen by the caller, `reference` is whatever the money is for and stays opaque here."""

    id: UUID
    reference: UUID
    provider: str
    account: str
    amount: int
    currency: str
    capture: Capture = "automatic"


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


class Receipt(Enum):
    """What became of a webhook that was let in."""

    STORED = "stored"
    ALREADY = "already-stored"
