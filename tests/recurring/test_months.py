"""A plan through its months: announced, taken once, tried again, given up, never made up for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.platform import audits, db
from apps.platform.actors import Actor
from apps.platform.run_audit import run_check
from apps.pledges import interface as pledges
from apps.pledges.events import PledgeCaptured
from apps.recurring import interface as recurring
from apps.recurring.errors import CampaignNotAccepting
from apps.recurring.services.announce import announce_due
from apps.recurring.services.settle import follow_gifts
from apps.recurring.services.take_due import retry_due, take_due
from tests.conftest import PASSWORD
from tests.pledges.support import at_once, believe_captured, open_campaign, wish

from .support import Calendar, approve, arrived, begin, declined, gifts, notes, run, tell, token_of, tries

pytestmark = pytest.mark.django_db(transaction=True)


def audit() -> None:
    """The books hold, as `manage.py audit` sees them."""
    for each in audits.checks():
        if each.code.startswith("M"):
            with connection.cursor() as cursor:
                found = run_check(each, cursor)
            assert (found.holds, found.error) == (True, ""), (each.title, found)


def pay(token: str) -> None:
    tell(arrived(tries(token)[-1]["pledge_id"]))


def test_a_year_is_twelve_gifts_on_the_last_days_of_months(calendar: Calendar, campaign: campaigns.Campaign) -> None:
    token = begin(campaign.id)
    assert recurring.follow_plan(token=token).next_on == date(2027, 2, 28)
    for _ in range(11):
        calendar.run_to(recurring.follow_plan(token=token).next_on or date.max)
        pay(token)
    plan = recurring.follow_plan(token=token)
    assert [(month.due_on.month, month.due_on.day) for month in plan.months[::-1]] == [
        (1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30), (10, 31), (11, 30), (12, 31)
    ]  # fmt: skip
    assert {month.status for month in plan.months} == {"paid"}
    assert (gifts(), plan.next_on) == (12, date(2028, 1, 31))
    assert notes(token).count("announced") == 11
    audit()


def test_nothing_is_taken_that_was_not_announced(calendar: Calendar, campaign: campaigns.Campaign) -> None:
    token = begin(campaign.id)
    calendar.to(date(2027, 2, 28))
    take_due()
    assert gifts() == 1, "nobody was told"
    announce_due()
    take_due()
    assert gifts() == 1, "told only today"
    calendar.run_to(date(2027, 3, 1))
    assert gifts() == 2
    assert notes(token)[-2:] == ["announced", "taken"]


def test_it_is_told_five_days_before_and_once(calendar: Calendar, campaign: campaigns.Campaign) -> None:
    token = begin(campaign.id)
    calendar.run_to(date(2027, 2, 22))
    assert "announced" not in notes(token)
    calendar.run_to(date(2027, 2, 26))
    assert notes(token).count("announced") == 1


def test_days_are_those_of_the_organisation(calendar: Calendar, campaign: campaigns.Campaign, settings: Any) -> None:
    settings.REPORTS_TIME_ZONE = "Asia/Dhaka"
    calendar.at = calendar.at.replace(hour=19)  # the 1st of February in Dhaka
    token = begin(campaign.id)
    plan = recurring.follow_plan(token=token)
    assert (plan.day, plan.next_on) == (1, date(2027, 3, 1))


def test_schedulers_at_once_take_once(calendar: Calendar, campaign: campaigns.Campaign) -> None:
    tokens = [begin(campaign.id, donor_email=f"g{n}@example.org") for n in range(6)]
    calendar.to(date(2027, 2, 24))
    announce_due()
    calendar.to(date(2027, 2, 28))
    results = at_once([take_due] * 4)
    assert not [each for each in results if isinstance(each, Exception)]
    assert gifts() == 12
    assert [len(tries(token)) for token in tokens] == [2] * 6
    audit()


def test_without_the_lock_the_row_of_the_month_still_refuses_a_second_gift(
    calendar: Calendar, campaign: campaigns.Campaign
) -> None:
    token = begin(campaign.id)
    calendar.to(date(2027, 2, 24))
    announce_due()
    calendar.to(date(2027, 2, 28))
    take_due()
    db.execute("UPDATE recurring_plan SET next_on = '2027-02-28'")  # as a scheduler of yesterday would still see it
    take_due()
    assert (gifts(), len(tries(token))) == (2, 2)
    assert recurring.follow_plan(token=token).next_on == date(2027, 3, 31)


def test_a_failed_gift_is_tried_again_on_the_schedule_then_the_plan_pauses(
    calendar: Calendar, campaign: campaigns.Campaign
) -> None:
    token = begin(campaign.id)
    due = date(2027, 2, 28)
    calendar.run_to(due)
    for number, days in enumerate((3, 7, 14), start=1):
        tell(declined(tries(token)[-1]["pledge_id"]))
        waiting = recurring.follow_plan(token=token).months[0]
        assert (waiting.status, waiting.retry_on, waiting.reason) == (
            "waiting", due + timedelta(days=days), "insufficient-funds"
        )  # fmt: skip
        calendar.run_to(due + timedelta(days=days - 1))
        assert len(tries(token)) == 1 + number
        calendar.run_to(due + timedelta(days=days))
        assert len(tries(token)) == 2 + number
    tell(declined(tries(token)[-1]["pledge_id"]))
    plan = recurring.follow_plan(token=token)
    assert (plan.status, plan.reason, plan.next_on, plan.months[0].status) == ("paused", "payments", None, "failed")
    assert notes(token).count("failed") == 3
    assert notes(token)[-1] == "gave_up"
    calendar.run_to(date(2027, 4, 30))
    assert gifts() == 5, "a paused plan takes nothing"
    audit()


def test_a_retry_that_succeeds_ends_the_matter(calendar: Calendar, campaign: campaigns.Campaign) -> None:
    token = begin(campaign.id)
    calendar.run_to(date(2027, 2, 28))
    tell(declined(tries(token)[-1]["pledge_id"]))
    calendar.run_to(date(2027, 3, 3))
    pay(token)
    calendar.run_to(date(2027, 3, 30))
    assert [each["status"] for each in tries(token)] == ["captured", "failed", "captured"]
    assert recurring.follow_plan(token=token).next_on == date(2027, 3, 31)
    audit()


def test_what_proves_taken_after_a_retry_was_paid_goes_back(calendar: Calendar, campaign: campaigns.Campaign) -> None:
    token = begin(campaign.id)
    calendar.run_to(date(2027, 2, 28))
    first = tries(token)[-1]["pledge_id"]
    tell(declined(first))
    calendar.run_to(date(2027, 3, 3))
    pay(token)
    believe_captured(first)
    tell(arrived(first))
    assert [each["status"] for each in tries(token)] == ["captured", "surplus", "captured"]
    back = db.rows("SELECT refund_reserved FROM pledges_pledge WHERE id = %s", [first])
    assert back == [{"refund_reserved": 500_00}]
    audit()


@pytest.mark.parametrize("order", [[0, 1], [1, 0], [1, 0, 1, 0]])
def test_facts_in_any_order_pay_a_month_once(
    calendar: Calendar, campaign: campaigns.Campaign, order: list[int]
) -> None:
    token = begin(campaign.id)
    calendar.run_to(date(2027, 2, 28))
    pledge_id = tries(token)[-1]["pledge_id"]
    facts = [declined(pledge_id), arrived(pledge_id)]
    tell(*(facts[place] for place in order))
    assert recurring.follow_plan(token=token).months[0].status == "paid"
    assert tries(token)[-1]["status"] == "captured"
    calendar.run_to(date(2027, 3, 20))
    assert gifts() == 2


def test_a_closed_account_is_not_tried_again(calendar: Calendar, campaign: campaigns.Campaign) -> None:
    token = begin(campaign.id)
    calendar.run_to(date(2027, 2, 28))
    tell(declined(tries(token)[-1]["pledge_id"], "mandate-revoked"))
    plan = recurring.follow_plan(token=token)
    assert (plan.status, plan.reason) == ("ended", "method")
    assert db.rows("SELECT status FROM payments_approval") == [{"status": "ending"}]


def test_a_first_gift_that_fails_begins_nothing(calendar: Calendar, campaign: campaigns.Campaign) -> None:
    made = recurring.start_plan(new=wish(campaign.id))
    token = token_of(made.pledge_id)
    tell(declined(made.pledge_id))
    plan = recurring.follow_plan(token=token)
    assert (plan.status, plan.reason, plan.next_on) == ("ended", "first-gift", None)
    calendar.run_to(date(2027, 3, 31))
    assert gifts() == 1


def test_one_intent_is_one_plan(calendar: Calendar, campaign: campaigns.Campaign) -> None:
    new = wish(campaign.id, idempotency_key="form:1", fingerprint=b"1")
    made = at_once([lambda: recurring.start_plan(new=new)] * 4)
    assert len({each.pledge_id for each in made if not isinstance(each, Exception)}) == 1
    assert db.rows("SELECT count(*) AS plans FROM recurring_plan") == [{"plans": 1}]
    assert db.rows("SELECT count(*) AS approvals FROM payments_approval") == [{"approvals": 1}]


def test_what_stood_still_is_not_made_up_for(calendar: Calendar, campaign: campaigns.Campaign) -> None:
    token = begin(campaign.id)
    calendar.run_to(date(2027, 2, 25))
    calendar.to(date(2027, 4, 2))  # nothing ran for five weeks
    run()
    assert gifts() == 1
    plan = recurring.follow_plan(token=token)
    assert (plan.months[0].status, plan.next_on) == ("skipped", date(2027, 4, 30))
    assert "missed" in notes(token)
    audit()


def test_a_paused_campaign_pauses_and_a_closed_one_ends(
    calendar: Calendar, campaign: campaigns.Campaign, alice: Actor
) -> None:
    token = begin(campaign.id)
    campaigns.pause_campaign(campaign_id=campaign.id, by=alice)
    run()
    plan = recurring.follow_plan(token=token)
    assert (plan.status, plan.reason) == ("paused", "campaign")
    with pytest.raises(CampaignNotAccepting):
        recurring.resume_plan(token=token)
    campaigns.publish_campaign(campaign_id=campaign.id, by=alice)
    run()
    assert recurring.follow_plan(token=token).status == "paused", "nothing resumes by itself"
    assert notes(token)[-2:] == ["campaign_paused", "campaign_back"]
    recurring.resume_plan(token=token)
    campaigns.close_campaign(campaign_id=campaign.id, by=alice)
    run()
    plan = recurring.follow_plan(token=token)
    assert (plan.status, plan.reason, notes(token)[-1]) == ("ended", "campaign", "campaign_ended")


def test_a_campaign_that_closed_a_moment_ago_takes_nothing(
    calendar: Calendar, campaign: campaigns.Campaign, alice: Actor
) -> None:
    """The fact of the closing is still on its way when the day comes."""
    token = begin(campaign.id)
    calendar.run_to(date(2027, 2, 27))
    campaigns.close_campaign(campaign_id=campaign.id, by=alice)
    calendar.to(date(2027, 2, 28))
    take_due()
    assert gifts() == 1
    assert (recurring.follow_plan(token=token).status, notes(token)[-1]) == ("ended", "campaign_ended")
    run()
    assert notes(token).count("campaign_ended") == 1
    audit()


def test_an_erased_donor_gives_no_more(calendar: Calendar, bob: Actor, alice: Actor) -> None:
    campaign = open_campaign(alice, title="Boats")
    token = begin(campaign.id, donor_id=bob.user_id)
    assert bob.user_id
    accounts.erase_account(user_id=bob.user_id, password=PASSWORD)
    run()
    assert recurring.follow_plan(token=token).status == "ended"
    assert db.rows("SELECT * FROM recurring_giver") == []


def test_retries_at_once_try_once(calendar: Calendar, campaign: campaigns.Campaign) -> None:
    token = begin(campaign.id)
    calendar.run_to(date(2027, 2, 28))
    tell(declined(tries(token)[-1]["pledge_id"]))
    calendar.to(date(2027, 3, 3))
    at_once([retry_due] * 4)
    assert len(tries(token)) == 3
    audit()


def test_gifts_of_once_cost_the_handler_one_query(
    calendar: Calendar, campaign: campaigns.Campaign, django_assert_num_queries: Any
) -> None:
    made = [pledges.make_pledge(new=wish(campaign.id)) for _ in range(3)]
    facts = [
        PledgeCaptured(
            pledge_id=each.pledge_id, campaign_id=campaign.id, currency="BDT", amount=500_00, donor_id=None, donor_key="k",
            is_anonymous=False, occurred_at=each.created_at,
        )
        for each in made
    ]  # fmt: skip
    with django_assert_num_queries(1):
        follow_gifts(facts)
    approve()
