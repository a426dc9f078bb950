"""What whoever holds the link may change, and what each change means for the next gift."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from apps.campaigns import interface as campaigns
from apps.platform import db
from apps.platform.errors import Invalid, NotFound
from apps.recurring import interface as recurring
from apps.recurring.errors import PlanHasEnded, PlanNotActive, PlanNotFound
from tests.pledges.support import at_once, wish

from .support import Calendar, arrived, begin, declined, gifts, notes, tell, token_of, tries

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def token(calendar: Calendar, campaign: campaigns.Campaign) -> str:
    return begin(campaign.id)


def test_another_amount_counts_from_the_next_gift(calendar: Calendar, token: str) -> None:
    recurring.change_amount(token=token, amount=750_00)
    recurring.change_amount(token=token, amount=750_00)
    calendar.run_to(date(2027, 2, 28))
    assert [each["amount"] for each in tries(token)] == [500_00, 750_00]
    assert notes(token).count("amount") == 1


@pytest.mark.parametrize("amount", [0, -1, 9_99, 50_000_01, 10**30, True])
def test_an_amount_outside_of_what_the_campaign_takes_is_refused(token: str, amount: Any) -> None:
    with pytest.raises(Invalid):
        recurring.change_amount(token=token, amount=amount)


@pytest.mark.parametrize(
    ("today", "day", "next_on"),
    [
        (date(2027, 2, 10), 15, date(2027, 2, 15)),  # later this month, which has no gift yet
        (date(2027, 2, 10), 5, date(2027, 3, 5)),  # gone by already
        (date(2027, 2, 10), 10, date(2027, 3, 10)),  # never on the very day
        (
            date(2027, 3, 1),
            15,
            date(2027, 4, 15),
        ),  # after February's gift of the 28th, March's day is the 31st still to come
    ],
)
def test_another_day(calendar: Calendar, token: str, today: date, day: int, next_on: date) -> None:
    calendar.run_to(today)
    if today.month == 3:
        tell(arrived(tries(token)[-1]["pledge_id"]))
        recurring.skip_next(token=token)
    assert recurring.change_day(token=token, day=day).next_on == next_on


def test_a_month_never_has_two_gifts_however_often_the_day_changes(calendar: Calendar, token: str) -> None:
    calendar.run_to(date(2027, 2, 28))
    for day in (1, 28, 31, 15):
        next_on = recurring.change_day(token=token, day=day).next_on
        assert next_on
        assert next_on >= date(2027, 3, 1)


@pytest.mark.parametrize("day", [0, 32, -1, True, "5"])
def test_a_day_that_is_none_is_refused(token: str, day: Any) -> None:
    with pytest.raises(Invalid):
        recurring.change_day(token=token, day=day)


def test_the_next_gift_is_left_out_once(calendar: Calendar, token: str) -> None:
    plan = recurring.skip_next(token=token)
    assert (plan.next_on, plan.months[0].status) == (date(2027, 3, 31), "skipped")
    calendar.run_to(date(2027, 3, 30))
    assert gifts() == 1
    calendar.run_to(date(2027, 3, 31))
    assert gifts() == 2


def test_paused_it_takes_nothing_resumed_it_goes_on_later(calendar: Calendar, token: str) -> None:
    recurring.pause_plan(token=token)
    recurring.pause_plan(token=token)
    calendar.run_to(date(2027, 4, 10))
    assert gifts() == 1
    assert recurring.resume_plan(token=token).next_on == date(2027, 4, 30)
    recurring.resume_plan(token=token)
    assert notes(token).count("paused") == notes(token).count("resumed") == 1
    calendar.run_to(date(2027, 4, 30))
    assert gifts() == 2


def test_a_pause_drops_what_would_have_been_tried_again(calendar: Calendar, token: str) -> None:
    calendar.run_to(date(2027, 2, 28))
    tell(declined(tries(token)[-1]["pledge_id"]))
    recurring.pause_plan(token=token)
    calendar.run_to(date(2027, 3, 20))
    assert gifts() == 2
    assert recurring.follow_plan(token=token).months[0].status == "failed"


def test_cancelled_it_ends_for_good(calendar: Calendar, token: str) -> None:
    calendar.run_to(date(2027, 2, 28))
    plan = recurring.cancel_plan(token=token)
    assert (plan.status, plan.reason, plan.next_on) == ("ended", "donor", None)
    tell(arrived(tries(token)[-1]["pledge_id"]))
    assert recurring.follow_plan(token=token).months[0].status == "paid", "what was under way arrives still"
    assert db.rows("SELECT status FROM payments_approval") == [{"status": "ending"}]
    for change in (recurring.cancel_plan, recurring.pause_plan, recurring.resume_plan, recurring.skip_next):
        with pytest.raises(PlanHasEnded):
            change(token=token)
    calendar.run_to(date(2027, 6, 1))
    assert gifts() == 2


def test_before_the_first_gift_arrived_there_is_nothing_to_pause(
    calendar: Calendar, campaign: campaigns.Campaign
) -> None:
    token = token_of(recurring.start_plan(new=wish(campaign.id)).pledge_id)
    for change in (recurring.pause_plan, recurring.resume_plan, recurring.skip_next):
        with pytest.raises(PlanNotActive):
            change(token=token)
    assert recurring.cancel_plan(token=token).status == "ended"


@pytest.mark.parametrize("wrong", ["", "x" * 32, "x" * 31, "\ud800" * 32, "a\x00" * 16])
def test_another_link_opens_nothing(token: str, wrong: str) -> None:
    with pytest.raises(PlanNotFound) as refused:
        recurring.follow_plan(token=wrong)
    assert isinstance(refused.value, NotFound)
    with pytest.raises(PlanNotFound):
        recurring.cancel_plan(token=wrong)


def test_clicks_at_once_are_one_change(calendar: Calendar, token: str) -> None:
    at_once([lambda: recurring.cancel_plan(token=token)] * 5)
    assert notes(token).count("cancelled") == 1
    assert db.rows("SELECT notes FROM recurring_plan") == [{"notes": len(notes(token))}]
