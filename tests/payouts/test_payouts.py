"""Money out: by two people, once, never more than there is, and proven by the bank's own statement."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connections, transaction

from apps.accounts import interface as accounts
from apps.bank import interface as bank
from apps.campaigns import interface as campaigns
from apps.notifications import interface as notifications
from apps.outbox import interface as outbox
from apps.payouts import interface as payouts
from apps.payouts.errors import NoDestination, NotCovered, OwnPayout, PayoutDecided, PayoutNotFound, PayoutUnderWay
from apps.payouts.services.reconcile import reconcile
from apps.payouts.services.send import send_payouts
from apps.platform import audits, db
from apps.platform.actors import SYSTEM, Actor
from apps.platform.errors import Forbidden, Refused
from apps.platform.ids import new_id
from apps.platform.run_audit import run_check, run_comparison
from apps.pledges import interface as pledges
from tests.flows.stations import Product
from tests.pledges.support import open_campaign

from .conftest import BUSY, CLOSED, HANGS, give

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "bank"])


def approved(campaign: campaigns.Campaign, by: Actor, other: Actor, amount: int | None = None) -> payouts.Payout:
    asked = payouts.request_payout(campaign_id=campaign.id, by=by, amount=amount)
    return payouts.approve_payout(payout_id=asked.id, by=other)


def state_of(payout: payouts.Payout) -> payouts.Payout:
    return payouts.get_payout(payout_id=payout.id, viewer=SYSTEM)


def hurry() -> None:
    db.execute("UPDATE payouts_payout SET due_at = now() WHERE due_at IS NOT NULL")


def sent_to(account: str) -> list[int]:
    return [
        each.amount
        for each in bank.list_entries(number=account, before=None, page_size=50)[0]
        if (each.debit, each.credit) == ("merchant", account)
    ]


def broken() -> set[str]:
    """The checks about payouts and the bank that find something."""
    found = {each.title for each in audits.comparisons() if each.code == "O3" and not run_comparison(each).holds}
    for each in audits.checks():
        if each.code[0] in "OB":
            with connections[each.database].cursor() as cursor:
                result = run_check(each, cursor)
            found |= set() if result.holds else {each.title}
    return found


def test_payout_goes_its_way_and_the_statement_proves_it(
    campaign: campaigns.Campaign, alice: Actor, sam: Actor, settings: Any
) -> None:
    settings.PAYOUT_FEE_BASIS_POINTS = 150
    balance = payouts.balance_of(campaign_id=campaign.id)
    assert balance
    assert (balance.captured, balance.fee, balance.available) == (1000_00, 15_00, 985_00)

    done = approved(campaign, alice, sam)
    assert send_payouts() == 1
    assert send_payouts() == 0

    paid = state_of(done)
    assert (paid.status, paid.amount, paid.fee, paid.left) == ("paid", 985_00, 15_00, 0)
    assert paid.transfer
    assert sent_to(paid.account) == [985_00]
    assert reconcile() == 1
    assert reconcile() == 0
    assert state_of(done).reconciled_at
    assert [each.action for each in accounts.list_actions(subject_id=done.id)] == ["payout.approve", "payout.request"]
    public = payouts.public_payouts(campaign_id=campaign.id)
    assert [(each.amount, each.fee) for each in public] == [(985_00, 15_00)]
    assert broken() == set()


def test_next_statement_goes_on_where_the_last_one_ended(
    campaign: campaigns.Campaign, product: Product, alice: Actor, sam: Actor, settings: Any
) -> None:
    settings.PAYOUT_FEE_BASIS_POINTS = 1000
    first = approved(campaign, alice, sam, amount=100_00)
    send_payouts()
    settings.PAYOUT_FEE_BASIS_POINTS = 5000  # what was told before is not told otherwise now
    give(product, campaign)
    product.settle()
    second = approved(campaign, alice, sam)
    send_payouts()
    assert (first.fee, second.fee, second.fee_base) == (100_00, 250_00, 500_00)
    assert (second.paid_before, second.fees_before) == (100_00, 100_00)
    assert second.amount == 1500_00 - 100_00 - 100_00 - 250_00
    with pytest.raises(NotCovered):
        payouts.request_payout(campaign_id=campaign.id, by=alice)
    assert broken() == set()


def test_nobody_decides_about_what_they_asked_for(campaign: campaigns.Campaign, alice: Actor, sam: Actor) -> None:
    asked = payouts.request_payout(campaign_id=campaign.id, by=sam)
    with pytest.raises(OwnPayout):
        payouts.approve_payout(payout_id=asked.id, by=sam)
    with pytest.raises(Forbidden):
        payouts.approve_payout(payout_id=asked.id, by=alice)
    with pytest.raises(IntegrityError, match="payouts_two_people"), transaction.atomic():
        db.execute(
            "UPDATE payouts_payout SET status = 'approved', decided_by_id = requested_by_id, decided_at = now() WHERE id = %s",
            [asked.id],
        )
    assert payouts.withdraw_payout(payout_id=asked.id, by=sam).status == "withdrawn"
    other = payouts.request_payout(campaign_id=campaign.id, by=alice)
    assert payouts.decline_payout(payout_id=other.id, by=sam, note="Not yet").status == "declined"
    with pytest.raises(PayoutDecided):
        payouts.approve_payout(payout_id=other.id, by=sam)
    assert send_payouts() == 0


def test_others_neither_see_nor_ask(campaign: campaigns.Campaign, alice: Actor, charlie: Actor, sam: Actor) -> None:
    asked = payouts.request_payout(campaign_id=campaign.id, by=alice)
    for effect in (payouts.withdraw_payout, payouts.approve_payout):
        with pytest.raises(PayoutNotFound):
            effect(payout_id=asked.id, by=charlie)
    with pytest.raises(Forbidden):
        payouts.request_payout(campaign_id=campaign.id, by=charlie)
    with pytest.raises(Forbidden):
        payouts.set_destination(campaign_id=campaign.id, by=charlie, account="4000-0000-0000-0010", holder="Charlie")
    assert payouts.list_payouts(viewer=charlie).results == ()
    other = open_campaign(alice, title="Another")
    with pytest.raises(NoDestination):
        payouts.request_payout(campaign_id=other.id, by=alice)


def test_a_crowd_that_asks_gets_one_payout(campaign: campaigns.Campaign, alice: Actor) -> None:
    barrier = Barrier(6)

    def ask(_: int) -> str:
        try:
            barrier.wait(timeout=30)
            payouts.request_payout(campaign_id=campaign.id, by=alice)
            return "asked"
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(ask, range(6)))
    assert answers == ["asked", *["payout-under-way"] * 5]


def test_what_is_not_there_is_not_paid(campaign: campaigns.Campaign, alice: Actor, sam: Actor) -> None:
    with pytest.raises(NotCovered):
        payouts.request_payout(campaign_id=campaign.id, by=alice, amount=2000_00)
    gift = pledges.list_pledges(viewer=alice, campaign_id=campaign.id).results[0]
    asked = payouts.request_payout(campaign_id=campaign.id, by=alice)
    with pytest.raises(PayoutUnderWay):
        payouts.request_payout(campaign_id=campaign.id, by=alice, amount=1)
    # A refund that is asked for meanwhile is seen by who approves, before the provider has even heard of it.
    pledges.refund_pledge(pledge_id=gift.id, by=alice, amount=300_00, reason="Asked by the donor")
    with pytest.raises(NotCovered):
        payouts.approve_payout(payout_id=asked.id, by=sam)
    with pytest.raises(IntegrityError, match="payouts_covered"), transaction.atomic():
        db.execute(
            "UPDATE payouts_payout SET status = 'approved', decided_by_id = %s, decided_at = now(), due_at = now()",
            [sam.user_id],
        )
    payouts.withdraw_payout(payout_id=asked.id, by=alice)
    again = payouts.request_payout(campaign_id=campaign.id, by=alice)
    assert (again.under_way, again.amount + again.fee) == (300_00, 700_00)


def test_refund_after_a_payout_is_made_and_seen(
    campaign: campaigns.Campaign, product: Product, alice: Actor, sam: Actor
) -> None:
    approved(campaign, alice, sam)
    send_payouts()
    gift = pledges.list_pledges(viewer=alice, campaign_id=campaign.id).results[0]
    assert payouts.owing(viewer=sam) == []
    pledges.refund_pledge(pledge_id=gift.id, by=sam, amount=200_00, reason="Twice")
    product.settle()
    assert [each.available for each in payouts.owing(viewer=sam)] == [-200_00]
    assert [each.available for each in payouts.owing(viewer=alice)] == [-200_00]
    with pytest.raises(NotCovered):
        payouts.request_payout(campaign_id=campaign.id, by=alice, amount=1)
    assert broken() == set()


@pytest.mark.parametrize("account", [HANGS, BUSY])
def test_bank_in_trouble_sends_once(campaign: campaigns.Campaign, alice: Actor, sam: Actor, account: str) -> None:
    payouts.set_destination(campaign_id=campaign.id, by=alice, account=account, holder="Slow")
    done = approved(campaign, alice, sam)
    send_payouts()
    waiting = state_of(done)
    assert (waiting.status, waiting.transfer) == ("sending", "")
    for _ in range(4):
        hurry()
        send_payouts()
    assert state_of(done).status == "paid"
    assert sent_to(account) == [done.amount]
    assert broken() == set()


def test_lost_answer_is_found_on_the_statement(campaign: campaigns.Campaign, alice: Actor, sam: Actor) -> None:
    done = approved(campaign, alice, sam)
    db.execute("UPDATE payouts_payout SET status = 'sending', attempts = 1, due_at = now() + interval '1 hour'")
    bank.transfer(account=done.account, amount=done.amount, currency="BDT", reference=done.id)
    reconcile()
    assert state_of(done).status == "paid"
    assert state_of(done).reconciled_at


def test_refusal_of_the_bank_gives_the_money_back_to_the_campaign(
    campaign: campaigns.Campaign, alice: Actor, sam: Actor
) -> None:
    payouts.set_destination(campaign_id=campaign.id, by=alice, account=CLOSED, holder="Closed")
    failed = approved(campaign, alice, sam)
    send_payouts()
    assert (state_of(failed).status, state_of(failed).failure_reason) == ("failed", "account-closed")
    assert payouts.count_failed(viewer=alice) == 1
    payouts.set_destination(campaign_id=campaign.id, by=alice, account="5999-9999-9999-9999", holder="Nobody")
    unknown = approved(campaign, alice, sam)
    send_payouts()
    assert state_of(unknown).failure_reason == "unknown-account"
    payouts.set_destination(campaign_id=campaign.id, by=alice, account="4000-0000-0000-0001", holder="Alice's fund")
    assert approved(campaign, alice, sam).amount == failed.amount
    assert payouts.count_failed(viewer=alice) == 0


def test_strange_line_of_the_statement_is_shown_and_breaks_the_audit(campaign: campaigns.Campaign, sam: Actor) -> None:
    stranger: UUID = new_id()
    bank.transfer(account="4000-0000-0000-0001", amount=5, currency="BDT", reference=stranger)
    reconcile()
    assert [each.reference for each in payouts.strange_lines()] == [stranger]
    assert "Every line of the bank's statement is a payout of ours, in every term" in broken()
    declined, _ = bank.transfer(account="4000-0000-0000-0001", amount=10**12, currency="BDT", reference=new_id())
    assert (declined.status, declined.reason) == ("declined", "insufficient-funds")


def test_those_concerned_are_told(campaign: campaigns.Campaign, alice: Actor, sam: Actor) -> None:
    approved(campaign, alice, sam)
    send_payouts()
    outbox.drain()

    def kinds(who: Actor) -> list[str]:
        assert who.user_id
        found = notifications.read_inbox(user_id=who.user_id, after=0)
        return [each.kind for each in found if each.kind.startswith("payout")]

    assert kinds(sam) == ["payout_waiting"]
    assert kinds(alice) == ["payout_paid"]
