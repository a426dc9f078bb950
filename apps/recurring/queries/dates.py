"""Which day is which. Days are those of the organisation's time zone, whatever the server's clock is set to."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.platform import clock


def today() -> date:
    return clock.now().astimezone(ZoneInfo(settings.REPORTS_TIME_ZONE)).date()


def month_of(day: date) -> date:
    """The first day of its month, by which a month is named."""
    return day.replace(day=1)


def day_in(month: date, day: int) -> date:
    """The wished day in that month; its last one where the month is shorter."""
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))


def month_after(month: date) -> date:
    return month_of(month_of(month) + timedelta(days=31))


def first_free(*, day: int, after: date, taken: Collection[date] = ()) -> date:
    """The earliest wished day later than `after` in a month that is not among `taken` (first days of months)."""
    month = month_of(after)
    while month in taken or day_in(month, day) <= after:
        month = month_after(month)
    return day_in(month, day)
