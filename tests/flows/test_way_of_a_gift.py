"""One gift, station by station, with the real bank over HTTP; then each test account to where the contract says it ends."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from apps.campaigns import interface as campaigns
from apps.outbox import interface as outbox
from apps.platform import audits, db
from apps.platform.actors import SYSTEM, Actor
from tests.conftest import headers_of
from tests.pledges.support import open_campaign

from .stations import Product

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "bank"])
WEBHOOKS = "SELECT count(*) AS number FROM payments_webhookmessage"


@pytest.fixture
def campaign(alice: Actor) -> campaigns.Campaign:
    return open_campaign(alice)


def give(product: Product, campaign: campaigns.Campaign, account: str = "4000-0000-0000-0001", **changes: Any) -> Any:
    body = {"campaign": str(campaign.id), "amount": 500_00, "donor": {"name": "Gulshan", "email": "g@example.org"}}
    status, made = product.post(
        "/api/v1/pledges", body | {"payment": {"provider": "bank", "account": account}} | changes
    )
    assert status == 201, made
    return made


def followed(product: Product, made: Any) -> str:
    status, gift = product.get(f"/api/v1/donations/{made['tracking_token']}")
    assert status == 200
    return str(gift["status"])


def raised(campaign: campaigns.Campaign) -> int:
    return campaigns.get_campaign(campaign_id=campaign.id, viewer=SYSTEM).raised_amount


def offending() -> dict[str, Any]:
    return {check.title: rows for check in audits.checks() if (rows := db.rows(check.sql, using=check.database))}


def test_one_gift_station_by_station(product: Product, campaign: campaigns.Campaign) -> None:
    # The request: pledge, payment and fact in one transaction; nobody was asked for money yet.
    made = give(product, campaign)
    assert followed(product, made) == "pending"
    assert db.rows("SELECT 1 FROM bank_hold", using="bank") == []
    # Payments: the committed intent is carried out at the bank.
    product.run("payments.call_providers")
    [held] = db.rows("SELECT * FROM bank_hold", using="bank")
    assert held["amount"] == 500_00
    # The bank's webhooks are stored, and nothing else happens inside their requests.
    product.run("bank.deliver_webhooks")
    assert db.rows(WEBHOOKS)[0]["number"] > 0
    # Webhooks become facts, facts become the pledge's state, the pledge's facts become the total.
    product.settle()
    assert followed(product, made) == "captured"
    assert raised(campaign) == 500_00
    _, wall = product.get(f"/api/v1/campaigns/{campaign.id}/donations")
    assert [each["id"] for each in wall["results"]] == [made["id"]]
    # Doing it all again changes nothing.
    db.execute("UPDATE outbox_event SET is_fanned_out = false")
    product.settle()
    outbox.drain()
    assert raised(campaign) == 500_00
    assert offending() == {}


def test_a_manual_gift_waits_and_is_captured_or_let_go(
    product: Product, campaign: campaigns.Campaign, alice: Actor
) -> None:
    taken, let_go = give(product, campaign, capture="manual"), give(product, campaign, capture="manual")
    product.settle()
    assert {followed(product, each) for each in (taken, let_go)} == {"authorized"}

    assert product.post(f"/api/v1/pledges/{taken['id']}/capture", {}, headers_of(alice))[0] == 202
    assert product.post(f"/api/v1/pledges/{let_go['id']}/cancellation", {}, headers_of(alice))[0] == 202
    product.settle()

    assert (followed(product, taken), followed(product, let_go)) == ("captured", "failed")
    assert raised(campaign) == 500_00
    assert offending() == {}


def test_a_refund_goes_all_the_way_back(product: Product, campaign: campaigns.Campaign, alice: Actor) -> None:
    made = give(product, campaign)
    product.settle()
    path = f"/api/v1/pledges/{made['id']}/refunds"

    assert product.post(path, {"amount": 200_00, "reason": "asked"}, headers_of(alice))[0] == 201
    product.settle()
    assert (followed(product, made), raised(campaign)) == ("partially_refunded", 300_00)
    assert product.post(path, {"reason": "all of it"}, headers_of(alice))[0] == 201
    product.settle()

    assert (followed(product, made), raised(campaign)) == ("refunded", 0)
    assert product.post(path, {"reason": "more"}, headers_of(alice))[1]["code"] == "refund-exceeds-captured"
    assert offending() == {}


@pytest.mark.parametrize(
    ("account", "end"),
    [
        ("4000-0000-0000-0002", "failed"),
        ("4000-0000-0000-0003", "failed"),
        ("4000-0000-0000-0010", "captured"),
        ("4000-0000-0000-0011", "captured"),
        ("4000-0000-0000-0012", "captured"),
        ("4000-0000-0000-0013", "failed"),
        ("4000-0000-0000-0014", "captured"),
        ("4000-0000-0000-0015", "captured"),
        ("4000-0000-0000-0016", "captured"),
    ],
)
def test_each_test_account_ends_where_it_should(
    product: Product, campaign: campaigns.Campaign, account: str, end: str
) -> None:
    made = give(product, campaign, account)

    for _ in range(8):
        product.settle(rounds=2)
        if followed(product, made) == end:
            break
        product.hurry()

    assert followed(product, made) == end
    product.settle()
    assert raised(campaign) == (500_00 if end == "captured" else 0)
    assert db.rows("SELECT 1 FROM pledges_pledge WHERE id = %s", [UUID(made["id"])])
    assert offending() == {}
