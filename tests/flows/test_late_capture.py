"""Money that the bank took after we had heard that the payment failed: it counts, or goes back; it is never dropped."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from apps.bank import interface as bank
from apps.campaigns import interface as campaigns
from apps.platform import db
from apps.platform.actors import SYSTEM, Actor
from tests.payments.support import anomalies, webhook
from tests.pledges.support import open_campaign, row_of

from .stations import Product
from .test_way_of_a_gift import followed, give, offending, raised

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "bank"])


@pytest.mark.parametrize(
    ("move", "end", "total"), [("", "captured", 500_00), ("pause", "refunded", 0), ("close", "refunded", 0)]
)
def test_a_late_capture_counts_only_where_the_campaign_may_take_it(
    product: Product, client: Client, alice: Actor, move: str, end: str, total: int
) -> None:
    campaign = open_campaign(alice)
    made = give(product, campaign, capture="manual")
    product.settle()
    [payment] = db.rows("SELECT id, hold FROM payments_payment WHERE reference = %s", [UUID(made["id"])])
    webhook(client, "failed", payment["id"], amount=500_00, hold=payment["hold"], reason="card-lost")
    product.settle()
    assert followed(product, made) == "failed"
    if move:
        getattr(campaigns, f"{move}_campaign")(campaign_id=campaign.id, by=SYSTEM)

    bank.capture(authorization_id=UUID(payment["hold"]), amount=None, key="taken-after-all")
    for _ in range(4):
        product.settle(rounds=2)
        product.hurry()

    pledge = row_of(UUID(made["id"]))
    assert (followed(product, made), raised(campaign)) == (end, total)
    assert (pledge["status"], pledge["captured_amount"], pledge["refund_reserved"]) == ("captured", 500_00, 0)
    assert pledge["refunded_amount"] == 500_00 - total
    assert anomalies(payment["id"]) == ["captured-after-failed"]
    refunds = db.rows("SELECT sum(amount) AS back FROM bank_transaction WHERE kind = 'refund'", using="bank")
    assert int(refunds[0]["back"] or 0) == 500_00 - total
    assert offending() == {}
