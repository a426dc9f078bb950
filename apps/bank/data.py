"""What crosses the bank's boundary, and the test accounts with what each does wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Transaction:
    id: UUID
    kind: str
    amount: int
    created_at: datetime
    idempotency_key: str | None


@dataclass(frozen=True)
class Authorization:
    """A hold and what became of it. Amounts are minor units."""

    id: UUID
    status: str
    account: str
    amount: int
    currency: str
    reference: UUID
    reason: str | None
    captured_amount: int
    refunded_amount: int
    expires_at: datetime
    created_at: datetime
    transactions: tuple[Transaction, ...]


@dataclass(frozen=True)
class Movement:
    """The answer to a capture, release or refund: `processing` when only a webhook will tell."""

    transaction: UUID
    status: str
    authorization: Authorization
    is_replay: bool = False


@dataclass(frozen=True)
class Mandate:
    """`id` is a secret: whoever holds it may ask for holds on the account."""

    id: str
    account: str
    reference: UUID
    status: str
    created_at: datetime


@dataclass(frozen=True)
class Consent:
    """How far a payer is with answering; `account` is empty until one was named."""

    reference: UUID
    amount: int
    currency: str
    status: str
    account: str
    expires_at: datetime


@dataclass(frozen=True)
class Account:
    number: str
    balances: tuple[tuple[str, int, int], ...]
    """(currency, balance, held)"""


@dataclass(frozen=True)
class Entry:
    id: int
    debit: str
    credit: str
    amount: int
    currency: str
    transaction: UUID
    created_at: datetime


@dataclass(frozen=True)
class Transfer:
    """Money sent out of the merchant's account: `succeeded`, or `declined` with the reason. `seq` numbers the statement."""

    id: UUID
    seq: int
    reference: UUID
    account: str
    amount: int
    currency: str
    status: str
    reason: str | None
    created_at: datetime


@dataclass(frozen=True)
class ListedEvent:
    seq: int
    type: str
    timestamp: datetime
    data: Mapping[str, object]


@dataclass(frozen=True)
class Behaviour:
    """How a test account behaves. Delays are seconds by type of webhook; silent types are never sent."""

    title: str
    description: str
    declines: str | None = None
    capture_declines: bool = False
    is_asynchronous: bool = False
    copies: int = 1
    delays: Mapping[str, int] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    hangs_at_first: bool = False
    failing_calls: int = 0


EVERY = "*"
NUMBER = re.compile(r"\d{4}(-\d{4}){3}", re.ASCII)
"""What an account number looks like; nothing else is looked up."""
GOOD = Behaviour("Pays", "Every step succeeds at once.")
TEST_ACCOUNTS: dict[str, Behaviour] = {
    "4000-0000-0000-0001": GOOD,
    "4000-0000-0000-0002": Behaviour("Insufficient funds", "The hold is declined.", declines="insufficient-funds"),
    "4000-0000-0000-0003": Behaviour("Closed account", "The hold is declined.", declines="account-closed"),
    "4000-0000-0000-0010": Behaviour(
        "Out of order", "Captured arrives before authorized.", is_asynchronous=True, delays={"payment.authorized": 5}
    ),
    "4000-0000-0000-0011": Behaviour(
        "Five times", "Every webhook comes five times, at once.", is_asynchronous=True, copies=5
    ),
    "4000-0000-0000-0012": Behaviour(
        "A minute late", "Webhooks come a minute late.", is_asynchronous=True, delays={EVERY: 60}
    ),
    "4000-0000-0000-0013": Behaviour(
        "Fails at capture", "The hold succeeds, the capture is declined.", capture_declines=True
    ),
    "4000-0000-0000-0014": Behaviour(
        "Times out", "The answer never comes in time, but the money moves.", hangs_at_first=True
    ),
    "4000-0000-0000-0015": Behaviour("Unavailable at first", "The first three calls answer 503.", failing_calls=3),
    "4000-0000-0000-0016": Behaviour(
        "Silent",
        "The webhook of the capture never comes.",
        is_asynchronous=True,
        silent=frozenset({"payment.captured"}),
    ),
}


def behaviour_of(account: str) -> Behaviour:
    return TEST_ACCOUNTS.get(account, GOOD)
