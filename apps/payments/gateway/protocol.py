"""What a payment provider is to us. Adapters put this on top of whatever a provider speaks; one folder entry each.

Calls never raise for what a network or a provider can do: a timeout, a 5xx or an answer that cannot be read is UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from ..states import FactKind


class Outcome(StrEnum):
    """How a call ended.

    DONE: as the view says. PROCESSING: taken on, the result comes later. DECLINED: refused for good, nothing was done.
    CONFLICT: refused because it stands otherwise than we think, so ask. ABSENT: asked, and there is no such hold.
    UNKNOWN: whether anything was done is not known, so ask before repeating.
    """

    DONE = "done"
    PROCESSING = "processing"
    DECLINED = "declined"
    CONFLICT = "conflict"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One thing that a provider says about a payment; it becomes a fact when it fits the payment."""

    kind: FactKind
    payment_id: UUID
    reference: str
    amount: int | None = None
    currency: str | None = None
    hold: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Movement:
    """A capture, release or refund at the provider; `idempotency_key` is that of our call, if it was ours."""

    kind: FactKind
    transaction: str
    amount: int
    idempotency_key: str


@dataclass(frozen=True, kw_only=True)
class HoldView:
    """How a hold stands at the provider."""

    payment_id: UUID
    hold: str
    amount: int
    currency: str
    is_declined: bool
    is_released: bool
    reason: str
    movements: tuple[Movement, ...]

    def statements(self) -> tuple[Statement, ...]:
        """All that the view says, as single statements."""
        if self.is_declined:
            return (self._statement(FactKind.FAILED, self.hold, self.amount, self.reason or "declined"),)
        said = [self._statement(FactKind.AUTHORIZED, self.hold, self.amount)]
        said += [self._statement(each.kind, each.transaction, each.amount) for each in self.movements]
        if self.is_released and not any(each.kind is FactKind.RELEASED for each in self.movements):
            said.append(self._statement(FactKind.RELEASED, self.hold, self.amount))
        return tuple(said)

    def transaction_of(self, idempotency_key: str) -> str:
        """The provider's transaction that our call with this key made, or an empty string."""
        return next((each.transaction for each in self.movements if each.idempotency_key == idempotency_key), "")

    def has(self, kind: FactKind) -> bool:
        return any(each.kind is kind for each in self.statements())

    def _statement(self, kind: FactKind, reference: str, amount: int, reason: str = "") -> Statement:
        return Statement(
            kind=kind,
            payment_id=self.payment_id,
            reference=reference,
            amount=amount,
            currency=self.currency,
            hold=self.hold,
            reason=reason,
        )


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The end of one call. `is_fault` says that the provider, not this payment, is the trouble."""

    outcome: Outcome
    view: HoldView | None = None
    transaction: str = ""
    reason: str = ""
    is_fault: bool = False


@dataclass(frozen=True, kw_only=True)
class ApprovalAnswer:
    """The end of a call about a standing approval: DONE (with its token), DECLINED or UNKNOWN."""

    outcome: Outcome
    token: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ProviderEvent:
    """An entry of a provider's event list; `statement` is None where it says nothing that concerns us."""

    sequence: int
    statement: Statement | None


@dataclass(frozen=True, kw_only=True)
class EventPage:
    events: tuple[ProviderEvent, ...]
    next_after: int


class ProviderUnavailable(Exception):
    """The provider could not be asked for its events."""


class Provider(Protocol):
    """A provider. Every call is safe to repeat with the same key, and bounded in time and size."""

    name: str

    def is_account(self, account: str) -> bool:
        """Whether this looks like an account of the provider, or asks for the payer's consent. Asks nobody."""

    def consent_page(self, *, payment_id: UUID, amount: int, currency: str, payee: str, return_url: str) -> str:
        """The provider's own page where the payer approves, signed, so that nobody asks for another sum or leads elsewhere."""

    def authorize(self, *, payment_id: UUID, account: str, amount: int, currency: str, key: str) -> Answer: ...

    def capture(self, *, payment_id: UUID, hold: str, amount: int, key: str) -> Answer: ...

    def release(self, *, payment_id: UUID, hold: str, key: str) -> Answer: ...

    def refund(self, *, payment_id: UUID, hold: str, amount: int, key: str) -> Answer: ...

    def retrieve(self, *, payment_id: UUID, hold: str) -> Answer:
        """How it stands. DONE with a view, ABSENT or UNKNOWN. `hold` may be empty."""

    def keep_approval(self, *, approval_id: UUID, account: str) -> ApprovalAnswer:
        """Have the account's standing approval kept, once per id. Its token then stands for an account in `authorize`."""

    def end_approval(self, *, approval_id: UUID, token: str) -> ApprovalAnswer:
        """Take it back; the token may be empty where the first answer never came."""

    def list_events(self, *, after: int, page_size: int) -> EventPage:
        """Events with a sequence above `after`. Raises ProviderUnavailable."""

    def verify_webhook(self, *, headers: Mapping[str, str], body: bytes) -> str:
        """The id of a genuine, recent webhook. Raises InvalidSignature."""

    def read_webhook(self, *, body: bytes) -> Statement | None:
        """What a webhook says, None where that does not concern us. Raises MalformedMessage."""
