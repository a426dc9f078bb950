"""What crosses the border of this context. Amounts are whole minor units, dates those of the organisation's time zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

NAME_MAX = 120
NOTICE_DAYS = 5
"""How many days before a gift its donor is told of it."""
RETRY_AFTER = (3, 7, 14)
"""Days after the due date on which a gift that failed is tried again."""
LATE_DAYS = 7
"""A gift that could not be tried within so many days (we stood still) is left out: nothing is made up for."""


@dataclass(frozen=True, kw_only=True)
class PlanMonth:
    """A month that has been: `status` is taking, waiting (tried again on `retry_on`), paid, failed or skipped."""

    due_on: date
    status: str
    amount: int
    retry_on: date | None
    reason: str
    tracking_token: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A gift of every month, for whoever holds its link. `status` is starting, active, paused or ended; `reason` says by what:
    donor, payments, campaign, terms, method, first-gift, erased. `months` are newest first, at most two years of them."""

    id: UUID
    campaign_id: UUID
    campaign_title: str
    amount: int
    currency: str
    day: int
    next_on: date | None
    status: str
    reason: str
    is_anonymous: bool
    created_at: datetime
    ended_at: datetime | None
    cover_amount: int
    token: str
    months: tuple[PlanMonth, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GiftPlan:
    """The plan that a gift belongs to; `is_first` for the one that began it. The link to the plan is for letters alone."""

    plan_id: UUID
    is_first: bool
    amount: int
    day: int
    next_on: date | None
    status: str
    token: str


@dataclass(frozen=True, kw_only=True)
class PlanLetter:
    """What a letter about a plan tells, and to whom. `what` is the kind of the note, `data` its facts."""

    what: str
    data: Mapping[str, Any]
    email: str
    name: str
    language: str
    donor_id: UUID | None
    plan: Plan
