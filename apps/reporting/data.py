"""What reports hand out. Amounts are minor units of `currency`; days are the organisation's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

Item = TypeVar("Item")
STATUSES = ("pending", "authorized", "captured", "partially_refunded", "refunded", "failed")
COUNT_CAP = 1000
SEARCH_MAX = 100
SAVED_MAX, SAVED_NAME_MAX = 20, 60


@dataclass(frozen=True, kw_only=True)
class GiftRow:
    """One line of a list of gifts. The donor is named even where the public does not see the name (`is_anonymous`)."""

    pledge_id: UUID
    campaign_id: UUID
    campaign_title: str
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
    provider: str
    reference: str
    created_at: datetime
    captured_at: datetime | None
    is_test: bool


@dataclass(frozen=True, kw_only=True)
class GiftFilter:
    """What a list is narrowed to. `search` is a name, an e-mail address, an id, a provider's reference or an amount;
    with `pledge_ids` only these."""

    search: str = ""
    status: str = ""
    campaign_id: UUID | None = None
    donor_key: str = ""
    since: date | None = None
    until: date | None = None
    is_test: bool | None = None
    pledge_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DonorRow:
    """What a donor gave to the campaigns in view, in one currency."""

    id: int
    donor_key: str
    donor_name: str
    donor_email: str
    currency: str
    gifts: int
    captured_amount: int
    refunded_amount: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    """A slice of a list. `count` is how many there are in all, exact up to COUNT_CAP and then `is_capped`."""

    results: Sequence[Item]
    next_cursor: str | None
    previous_cursor: str | None
    count: int
    is_capped: bool

    @classmethod
    def empty(cls) -> Page[Item]:
        return cls(results=[], next_cursor=None, previous_cursor=None, count=0, is_capped=False)


@dataclass(frozen=True, kw_only=True)
class Day:
    """`captured_amount` counts on the day of the capture; `refunded_amount` is what was given back of it since."""

    day: date
    pledges: int = 0
    failed: int = 0
    gifts: int = 0
    captured_amount: int = 0
    refunded_amount: int = 0


@dataclass(frozen=True, kw_only=True)
class Period:
    """A stretch of days in one currency, day by day without gaps, and the same number of days before it as one sum."""

    currency: str
    days: tuple[Day, ...]
    before: Day

    @property
    def total(self) -> Day:
        def of(name: str) -> int:
            return sum(getattr(day, name) for day in self.days)

        return Day(
            day=self.days[-1].day,
            pledges=of("pledges"),
            failed=of("failed"),
            gifts=of("gifts"),
            captured_amount=of("captured_amount"),
            refunded_amount=of("refunded_amount"),
        )


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """Where pledges stand. `captured` were captured at any time, `refunded` of them given back wholly."""

    currency: str
    pledges: int
    pending: int
    authorized: int
    captured: int
    failed: int
    refunded: int
    captured_amount: int
    refunded_amount: int


@dataclass(frozen=True, kw_only=True)
class CampaignMoney:
    campaign_id: UUID
    currency: str
    gifts: int
    captured_amount: int
    refunded_amount: int


@dataclass(frozen=True, kw_only=True)
class Hour:
    """An hour of today: what was captured in it."""

    hour: int
    gifts: int
    captured_amount: int


@dataclass(frozen=True, kw_only=True)
class Export:
    """A file in the making or made; `status` is due, running, done, failed or expired, `size` in bytes."""

    id: UUID
    format: str
    wanted: GiftFilter
    status: str
    rows_done: int
    rows_total: int
    size: int
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None

    @property
    def percent(self) -> int:
        """How much of it is written; an estimate while gifts come in."""
        return min(100, self.rows_done * 100 // self.rows_total) if self.rows_total else 0


@dataclass(frozen=True, kw_only=True)
class SavedFilter:
    """A filter that a person kept under a name."""

    id: UUID
    name: str
    wanted: GiftFilter
