"""A payout through the panel: asked for by a manager, decided by staff, read by everyone on the campaign's page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.payouts import interface as payouts
from apps.platform import clock, db
from apps.platform.actors import SYSTEM, Actor
from apps.pledges import interface as pledges

from .conftest import World, browser_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_manager_asks_and_staff_decide(world: World, alice: Actor, sam: Actor, client: Client) -> None:
    hers, staff = browser_of(alice), browser_of(sam)
    place = reverse("admin:campaign-payouts", args=[world.campaign.id])
    assert "A payout is under way" in hers.get(place).content.decode()
    assert hers.post(reverse("admin:payout-withdrawal", args=[world.payout])).status_code == 302

    assert hers.post(place, {"amount": "501"}).status_code == 422
    assert hers.post(place, {"amount": "many"}).status_code == 422
    url = hers.post(place, {"amount": "200", "note": "Blankets"}).headers["Location"]
    payout = payouts.list_payouts(viewer=alice, status="requested").results[0]
    assert payout.amount == 200_00
    assert "1 payout waits for approval" in staff.get(reverse("admin:index")).content.decode()
    assert "Blankets" in staff.get(url).content.decode()
    decision = reverse("admin:payout-decision", args=[payout.id])
    assert staff.post(decision, {"decision": "decline", "note": " "}).status_code == 422
    for _ in range(2):
        assert staff.post(decision, {"decision": "approve"}).status_code == 302
    assert "decided already" in staff.post(decision, {"decision": "approve"}, follow=True).content.decode()

    # As the bank's answer would leave it.
    db.execute("UPDATE payouts_payout SET status = 'sending' WHERE id = %s", [payout.id])
    db.execute(
        "UPDATE payouts_payout SET status = 'paid', transfer = 'tr_1', due_at = NULL, ended_at = %s WHERE id = %s",
        [clock.now(), payout.id],
    )
    assert "Sent by the bank" in hers.get(url).content.decode()
    public = reverse("site:campaign-money", args=[world.campaign.slug])
    for page in (public, reverse("site:campaign", args=[world.campaign.slug])):
        assert "BDT 200" in client.get(page).content.decode().replace("\xa0", " ").replace("৳", "BDT ")
    assert "Alice" not in client.get(public).content.decode()
    written = client.get(reverse("site:campaign-statements", args=[world.campaign.slug])).content.decode()
    assert ",200.00" in written
    assert "4000-0000" not in written


def test_own_payout_of_staff_waits_for_a_colleague(world: World, sam: Actor) -> None:
    browser = browser_of(sam)
    payouts.decline_payout(payout_id=world.payout, by=sam, note="Ask again")
    browser.post(reverse("admin:campaign-payouts", args=[world.campaign.id]), {"amount": "10"})
    mine = payouts.list_payouts(viewer=sam, status="requested").results[0]
    url = reverse("admin:payout", args=[mine.id])
    assert "somebody else of the staff" in browser.get(url).content.decode()
    assert "Somebody else must decide" in (
        browser.post(
            reverse("admin:payout-decision", args=[mine.id]), {"decision": "approve"}, follow=True
        ).content.decode()
    )
    assert payouts.get_payout(payout_id=mine.id, viewer=SYSTEM).status == "requested"


def test_account_is_changed_and_the_payout_keeps_its_own(world: World, alice: Actor) -> None:
    browser = browser_of(alice)
    url = reverse("admin:campaign-payout-account", args=[world.campaign.id])
    assert "four groups" in browser.post(url, {"account": "12", "holder": "A"}, follow=True).content.decode()
    browser.post(url, {"account": "4000-0000-0000-0010", "holder": "Alice's other fund"})
    page = browser.get(reverse("admin:payout", args=[world.payout])).content.decode()
    assert "4000-0000-0000-0001" in page
    assert "was changed since" in page


def test_large_refund_waits_for_a_second_person(world: World, alice: Actor, sam: Actor, settings: Any) -> None:
    settings.REFUND_APPROVAL_ABOVE = {"BDT": 100_00}
    hers, staff = browser_of(alice), browser_of(sam)
    asked = pledges.refund_pledge(pledge_id=world.captured, by=alice, amount=300_00, reason="Gave twice")
    gift, decision = reverse("admin:gift", args=[world.captured]), reverse("admin:refund-decision", args=[asked.id])
    assert "waits for a second person" in hers.get(gift).content.decode()
    assert "1 refund waits for a second person" in staff.get(reverse("admin:index")).content.decode()
    assert "Gave twice" in staff.get(reverse("admin:refunds")).content.decode()
    assert "somebody else has to approve" in hers.get(decision).content.decode()
    assert "Somebody else must decide" in hers.post(decision, {"decision": "approve"}, follow=True).content.decode()
    assert staff.post(decision, {"decision": "perhaps"}).status_code == 422
    assert "asked to give the money back" in staff.post(decision, {"decision": "approve"}, follow=True).content.decode()
    assert "Refund approved by Sam Staff" in hers.get(gift).content.decode()
    assert staff.post(decision, {"decision": "approve"}).status_code == 409
