"""Covering the fee: asked for with its exact amount, never ticked, told wherever the gift is."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.campaigns import interface as campaigns
from apps.platform import db
from apps.platform.actors import Actor
from apps.recurring import interface as recurring
from tests.pledges.support import open_campaign, tell
from tests.recurring.support import approve, arrived, token_of

pytestmark = pytest.mark.django_db(transaction=True)
GIFT = {
    "preset": "50000", "other_amount": "", "name": "Rahima", "email": "rahima@example.org", "message": "",
    "account": "4000-0000-0000-0001", "covers_fee": "on",
}  # fmt: skip


@pytest.fixture
def campaign(alice: Actor, settings: Any) -> campaigns.Campaign:
    settings.PAYMENT_FEES = {"bank": 150}
    return open_campaign(alice)


def give(client: Client, campaign: campaigns.Campaign, **changes: str) -> Any:
    return client.post(f"/campaigns/{campaign.slug}/give/", GIFT | {"token": str(uuid4())} | changes)


def test_the_box_is_not_ticked_and_says_what_it_adds(client: Client, campaign: campaigns.Campaign) -> None:
    page = client.get(f"/campaigns/{campaign.slug}/give/").content.decode()
    box = re.search(r'<input type="checkbox" name="covers_fee"[^>]*>', page)
    assert box
    assert "checked" not in box[0]
    for text in ("1.5%", "You add BDT\u00a07.62.", "BDT\u00a0507.62"):
        assert text in page, text


def test_where_no_fee_was_agreed_nobody_is_asked(client: Client, campaign: campaigns.Campaign, settings: Any) -> None:
    settings.PAYMENT_FEES = {"bank": 0}
    assert "covers_fee" not in client.get(f"/campaigns/{campaign.slug}/give/").content.decode()


def test_the_cover_is_a_part_of_one_gift_and_is_told(client: Client, campaign: campaigns.Campaign) -> None:
    made = give(client, campaign)
    assert made.status_code == 302
    [gift] = db.rows("SELECT id, amount, cover_amount FROM pledges_pledge")
    assert (gift["amount"], gift["cover_amount"]) == (507_62, 7_62)
    assert db.rows("SELECT amount FROM payments_payment") == [{"amount": 507_62}]
    tell(arrived(gift["id"]))
    for page in (made["Location"], f"{made['Location']}receipt/"):
        shown = client.get(page).content.decode()
        assert "507.62" in shown
        assert "7.62" in shown.replace("507.62", ""), page
    assert campaigns.get_campaigns(campaign_ids=[campaign.id])[campaign.id].raised_amount == 507_62


def test_without_the_box_nothing_is_added(client: Client, campaign: campaigns.Campaign) -> None:
    page = client.get(give(client, campaign, covers_fee="")["Location"]).content.decode()
    assert db.rows("SELECT amount, cover_amount FROM pledges_pledge") == [{"amount": 500_00, "cover_amount": 0}]
    assert "cover the fee" not in page


def test_a_wrong_form_comes_back_with_the_total_of_what_was_typed(client: Client, campaign: campaigns.Campaign) -> None:
    page = give(client, campaign, preset="other", other_amount="750", email="nobody").content.decode()
    assert "BDT\u00a0761.43" in page
    assert re.search(r'name="covers_fee"[^>]*checked', page)


def test_a_monthly_gift_covers_its_fee_each_month(client: Client, campaign: campaigns.Campaign, settings: Any) -> None:
    give(client, campaign, frequency="monthly")
    [gift] = db.rows("SELECT id FROM pledges_pledge")
    approve()
    tell(arrived(gift["id"]))
    token = token_of(gift["id"])
    plan = recurring.follow_plan(token=token)
    assert (plan.amount, plan.cover_amount) == (507_62, 7_62)
    settings.PAYMENT_FEES = {"bank": 300}
    assert recurring.follow_plan(token=token).amount == 507_62, "what was agreed to"
    changed = recurring.change_amount(token=token, amount=1_000_00)
    assert (changed.amount, changed.cover_amount) == (1_030_93, 30_93)
