"""Plain values that cross the boundary of payouts. Amounts are minor units of `currency`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

NOTE_MAX, HOLDER_MAX = 500, 120
Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where a campaign's money is sent, since when, and who said so."""

    campaign_id: UUID
    account: str
    holder: str
    set_by_id: UUID
    set_at: datetime


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What a campaign has: `available` may be paid out now, after `fee` for what no payout covered yet. Below zero it
    owes: more was given back after a payout than came in since."""

    campaign_id: UUID
    currency: str
    captured: int
    refunded: int
    under_way: int
    fees: int
    paid_out: int
    reserved: int
    fee_base: int
    fee: int

    @property
    def available(self) -> int:
        gone = self.refunded + self.under_way + self.fees + self.paid_out + self.reserved + self.fee
        return self.captured - gone


@dataclass(frozen=True, kw_only=True)
class Payout:
    """A payout with the statement it rests on. `captured` to `paid_before` are the campaign's totals when it was asked for."""

    id: UUID
    campaign_id: UUID
    campaign_title: str
    currency: str
    amount: int
    status: str
    captured: int
    refunded: int
    under_way: int
    fees_before: int
    paid_before: int
    fee_base: int
    fee_basis_points: int
    fee: int
    account: str
    holder: str
    note: str
    requested_by_id: UUID
    requested_at: datetime
    decided_by_id: UUID | None
    decided_at: datetime | None
    decision_note: str
    transfer: str
    failure_reason: str
    attempts: int
    ended_at: datetime | None
    reconciled_at: datetime | None

    @property
    def left(self) -> int:
        """What stays with the campaign after this payout."""
        spent = self.refunded + self.under_way + self.fees_before + self.paid_before + self.fee + self.amount
        return self.captured - spent


@dataclass(frozen=True, kw_only=True)
class PublicPayout:
    """What anyone may know of a payout: its statement, neither account nor people."""

    id: UUID
    currency: str
    amount: int
    fee: int
    captured: int
    refunded: int
    paid_before: int
    fees_before: int
    paid_at: datetime


@dataclass(frozen=True, kw_only=True)
class StatementLine:
    """A line of the bank's statement that is no payout of ours, or not as we know it."""

    seq: int
    transfer: str
    reference: UUID
    account: str
    amount: int
    currency: str
    status: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    results: tuple[Item, ...]
    next_cursor: str | None
