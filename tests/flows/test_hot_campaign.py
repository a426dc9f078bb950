"""Two thousand captures on one campaign by eight parallel clients: the total is exact, nobody deadlocks, the lag is seen."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from apps.campaigns import interface as campaigns
from apps.outbox import interface as outbox
from apps.platform import audits, db
from apps.platform.actors import SYSTEM, Actor
from apps.pledges import interface as pledges
from tests.pledges.support import at_once, captured, open_campaign, wish

pytestmark = pytest.mark.django_db(transaction=True)
GIFTS, CLIENTS = 2_000, 8


def deadlocks() -> int:
    return int(db.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")[0]["deadlocks"])


def test_two_thousand_captures_by_eight_clients(alice: Actor, client: Client) -> None:
    campaign = open_campaign(alice)
    wishes = [wish(campaign.id, donor_email=f"donor{number % 500}@example.org") for number in range(GIFTS)]
    made = [each for at in range(0, GIFTS, 500) for each in pledges.make_pledges(new=wishes[at : at + 500])]
    ids = [each.pledge_id for each in made if isinstance(each, pledges.MadePledge)]
    assert len(ids) == GIFTS
    outbox.drain(seconds=120)
    before = deadlocks()

    results = at_once([partial(_capture, ids[number::CLIENTS]) for number in range(CLIENTS)])

    assert results == [GIFTS // CLIENTS] * CLIENTS
    outbox.drain(seconds=120)
    assert deadlocks() == before
    now = campaigns.get_campaign(campaign_id=campaign.id, viewer=SYSTEM)
    assert (now.raised_amount, now.donor_count) == (GIFTS * 500_00, 500)
    metrics = client.get("/metrics").content.decode()
    assert "careforall_outbox_pending 0.0" in metrics
    assert "careforall_outbox_lag_seconds" in metrics
    totals = [check for check in audits.checks() if check.code == "T1" and check.sql]
    assert totals
    assert [row for check in totals for row in db.rows(check.sql)] == []


def test_captures_that_nobody_folds_are_seen_as_lag(alice: Actor, client: Client) -> None:
    """The control: without the fold the total stands still, and the metrics say so."""
    campaign = open_campaign(alice)
    made = pledges.make_pledge(new=wish(campaign.id))
    outbox.drain()
    with transaction.atomic():
        outbox.publish(captured(made.pledge_id))
    db.execute("UPDATE outbox_event SET occurred_at = now() - interval '1 minute' WHERE NOT is_fanned_out")

    metrics = client.get("/metrics").content.decode()

    assert "careforall_outbox_pending 1.0" in metrics
    [lag] = [line for line in metrics.splitlines() if line.startswith("careforall_outbox_lag_seconds ")]
    assert float(lag.split()[1]) > 30
    assert campaigns.get_campaign(campaign_id=campaign.id, viewer=SYSTEM).raised_amount == 0


def _capture(ids: list[UUID]) -> int:
    """One worker: tells of the captures one by one, and drains whatever is due after every fifty."""
    for number, pledge_id in enumerate(ids, start=1):
        with transaction.atomic():
            outbox.publish(captured(pledge_id))
        if number % 50 == 0:
            outbox.drain()
    return len(ids)
