"""Whatever order and however often payments' facts arrive, the pledge and the totals end the same."""

from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from apps.campaigns import interface as campaigns
from apps.outbox import interface as outbox
from apps.platform import audits, db
from apps.platform.actors import SYSTEM, Actor
from apps.platform.events import Event
from apps.pledges import interface as pledges

from .support import (
    authorized,
    believe_captured,
    captured,
    failed,
    history_of,
    refund_refused,
    refunded,
    released,
    row_of,
    tell,
    wish,
)

pytestmark = pytest.mark.django_db(transaction=True)


def totals(campaign_id: UUID) -> tuple[int, int]:
    campaign = campaigns.get_campaign(campaign_id=campaign_id, viewer=SYSTEM)
    return campaign.raised_amount, campaign.donor_count


def offending(*codes: str) -> dict[str, Any]:
    return {
        check.title: rows
        for check in audits.checks()
        if check.code in codes
        if (rows := db.rows(check.sql)) and "payment" not in check.title
    }


def test_a_captured_gift_raises_the_total_once(campaign: campaigns.Campaign) -> None:
    made = pledges.make_pledge(new=wish(campaign.id))

    tell(authorized(made.pledge_id))
    tell(captured(made.pledge_id))
    tell(captured(made.pledge_id), authorized(made.pledge_id))

    row = row_of(made.pledge_id)
    assert (row["status"], row["captured_amount"], row["moves"]) == ("captured", 500_00, 3)
    assert history_of(made.pledge_id) == [
        (1, "", "pending"),
        (2, "pending", "authorized"),
        (3, "authorized", "captured"),
    ]
    assert totals(campaign.id) == (500_00, 1)


@pytest.mark.parametrize("in_one_batch", [True, False])
def test_every_order_ends_the_same(campaign: campaigns.Campaign, in_one_batch: bool) -> None:
    for order in permutations(range(4)):
        pledge_id = pledges.make_pledge(new=wish(campaign.id)).pledge_id
        facts: list[Event] = [
            authorized(pledge_id),
            captured(pledge_id),
            failed(pledge_id),
            refunded(pledge_id, 200_00),
        ]
        told = [facts[place] for place in order]
        for batch in [told, told] if in_one_batch else [[each] for each in told + told]:
            tell(*batch)

        row = row_of(pledge_id)
        assert (row["status"], row["captured_amount"], row["refunded_amount"]) == ("captured", 500_00, 200_00), order
        assert [seq for seq, _, _ in history_of(pledge_id)] == list(range(1, row["moves"] + 1))
    assert totals(campaign.id) == (24 * 300_00, 1)
    assert offending("P1", "P2", "P3", "P4", "P5", "P6", "P11", "T1") == {}


def test_failing_and_authorizing_in_any_order_is_failed(campaign: campaigns.Campaign) -> None:
    for first, second in permutations([authorized, failed]):
        pledge_id = pledges.make_pledge(new=wish(campaign.id)).pledge_id
        tell(first(pledge_id))
        tell(second(pledge_id))
        assert (row_of(pledge_id)["status"], row_of(pledge_id)["failure_reason"]) == ("failed", "insufficient-funds")
    assert totals(campaign.id) == (0, 0)


def test_facts_about_nobodys_pledge_change_nothing(campaign: campaigns.Campaign) -> None:
    tell(captured(campaign.id), failed(campaign.id))

    assert totals(campaign.id) == (0, 0)


def test_a_released_hold_says_whether_it_was_cancelled(campaign: campaigns.Campaign) -> None:
    asked, expired = (pledges.make_pledge(new=wish(campaign.id)).pledge_id for _ in range(2))
    tell(authorized(asked), authorized(expired))
    db.execute("UPDATE pledges_pledge SET requested = 'release' WHERE id = %s", [asked])

    tell(released(asked), released(expired))

    assert row_of(asked)["failure_reason"] == "cancelled"
    assert row_of(expired)["failure_reason"] == "released"


def test_refunds_take_from_the_total_and_the_last_one_takes_the_donor(
    campaign: campaigns.Campaign, alice: Actor
) -> None:
    made = pledges.make_pledge(new=wish(campaign.id))
    tell(captured(made.pledge_id))
    believe_captured(made.pledge_id)
    part = pledges.refund_pledge(pledge_id=made.pledge_id, by=alice, amount=200_00, reason="asked for it")
    assert row_of(made.pledge_id)["refund_reserved"] == 200_00

    tell(refunded(made.pledge_id, 200_00, part.id))

    assert totals(campaign.id) == (300_00, 1)
    assert pledges.get_pledge(pledge_id=made.pledge_id, viewer=alice).status == "partially_refunded"
    rest = pledges.refund_pledge(pledge_id=made.pledge_id, by=alice, reason="all of it")
    assert rest.amount == 300_00
    tell(refunded(made.pledge_id, 300_00, rest.id))
    assert totals(campaign.id) == (0, 0)
    gift = pledges.follow_gift(tracking_token=made.tracking_token)
    assert (gift.status, gift.refunded_amount) == ("refunded", 500_00)
    assert [step.status for step in gift.timeline] == ["pending", "captured", "partially_refunded", "refunded"]
    assert offending("P2", "P5", "T1") == {}


def test_a_refused_refund_frees_what_it_reserved(campaign: campaigns.Campaign, alice: Actor) -> None:
    made = pledges.make_pledge(new=wish(campaign.id))
    tell(captured(made.pledge_id))
    believe_captured(made.pledge_id)
    refund = pledges.refund_pledge(pledge_id=made.pledge_id, by=alice, reason="asked for it")

    tell(refund_refused(made.pledge_id, 500_00, refund.id))
    tell(refund_refused(made.pledge_id, 500_00, refund.id))

    row = row_of(made.pledge_id)
    assert (row["refund_reserved"], row["refunded_amount"]) == (0, 0)


def test_a_refund_from_outside_waits_while_ours_holds_the_money(campaign: campaigns.Campaign, alice: Actor) -> None:
    made = pledges.make_pledge(new=wish(campaign.id))
    tell(captured(made.pledge_id))
    believe_captured(made.pledge_id)
    ours = pledges.refund_pledge(pledge_id=made.pledge_id, by=alice, amount=400_00, reason="asked for it")

    tell(refunded(made.pledge_id, 300_00))
    assert row_of(made.pledge_id)["refunded_amount"] == 0
    tell(refund_refused(made.pledge_id, 400_00, ours.id))

    row = row_of(made.pledge_id)
    assert (row["refunded_amount"], row["refund_reserved"]) == (300_00, 0)
    assert totals(campaign.id) == (200_00, 1)


def test_figures_count_each_state_once(campaign: campaigns.Campaign) -> None:
    made = [pledges.make_pledge(new=wish(campaign.id)).pledge_id for _ in range(3)]
    tell(captured(made[0]), captured(made[1]), failed(made[2]))
    outbox.drain()

    figures = {(row["name"], row["label"]): row["value"] for row in db.rows("SELECT * FROM pledges_figure")}
    assert figures["pledges", "pending"] == 3
    assert figures["pledges", "captured"] == 2
    assert figures["pledges", "failed"] == 1
    assert figures["captured_minor", "BDT"] == 1000_00
