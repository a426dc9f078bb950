from __future__ import annotations

import pytest

from apps.campaigns import interface as campaigns
from apps.payouts import interface as payouts
from apps.platform.actors import Actor
from tests.flows.conftest import product  # noqa: F401  the fixture
from tests.flows.stations import Product
from tests.pledges.support import open_campaign

GOOD, CLOSED, HANGS, BUSY = (f"4000-0000-0000-{each}" for each in ("0001", "0003", "0014", "0015"))


@pytest.fixture
def campaign(product: Product, alice: Actor) -> campaigns.Campaign:  # noqa: F811
    """Alice's campaign with two captured gifts of 500, and an account to be paid out to."""
    made = open_campaign(alice)
    for _ in range(2):
        give(product, made)
    product.settle()
    payouts.set_destination(campaign_id=made.id, by=alice, account=GOOD, holder="Alice's fund")
    return made


def give(product: Product, campaign: campaigns.Campaign) -> str:  # noqa: F811
    body = {
        "campaign": str(campaign.id),
        "amount": 500_00,
        "donor": {"name": "Gulshan", "email": "g@example.org"},
        "payment": {"provider": "bank", "account": GOOD},
    }
    status, answer = product.post("/api/v1/pledges", body)
    assert status == 201, answer
    return str(answer["id"])
