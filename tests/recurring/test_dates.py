"""The calendar of plans, against a slow and plain one."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.recurring.queries import dates

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


@given(DAYS, st.integers(1, 31), st.sets(st.integers(0, 6)))
def test_the_first_free_day_is_the_first_that_fits(after: date, day: int, busy: set[int]) -> None:
    taken = set()
    for number in busy:
        month = dates.month_of(after)
        for _ in range(number):
            month = dates.month_after(month)
        taken.add(month)
    looked = after + timedelta(days=1)
    while True:
        is_last = (looked + timedelta(days=1)).month != looked.month
        if (looked.day == day or (is_last and looked.day < day)) and looked.replace(day=1) not in taken:
            break
        looked += timedelta(days=1)
    assert dates.first_free(day=day, after=after, taken=taken) == looked


def test_the_31st_is_the_last_of_february() -> None:
    assert dates.day_in(date(2027, 2, 1), 31) == date(2027, 2, 28)
    assert dates.day_in(date(2028, 2, 1), 31) == date(2028, 2, 29)
