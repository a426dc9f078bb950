"""Each screen asks the database the same number of times whether it shows one row or three."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.campaigns import interface as campaigns
from apps.payouts import interface as payouts
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.reporting import interface as reporting
from tests.pledges.support import captured, open_campaign, tell
from tests.reporting.support import give

from .conftest import browser_of

pytestmark = pytest.mark.django_db(transaction=True)
SCREENS = ("index", "campaigns", "gifts", "donors", "payouts", "anomalies", "dead-letters", "webhooks", "health")


def one_more(alice: Actor, number: int) -> None:
    gift = give(open_campaign(alice, title=f"Campaign {number}"), email=f"donor{number}@example.org")
    tell(captured(gift))
    db.execute(
        """INSERT INTO payments_anomaly (provider, kind, subject, evidence, created_at, state)
           VALUES ('bank', 'unknown-payment', %s, '{}', %s, 'open')""",
        [str(number), clock.now()],
    )
    db.execute(
        """INSERT INTO payments_webhookmessage (provider, webhook_id, body, request_id, received_at, due_at, attempts, outcome)
           VALUES ('bank', %s, '{}', '', %s, %s, 0, '')""",
        [str(number), clock.now(), clock.now()],
    )
    db.execute(
        """UPDATE outbox_delivery SET done_at = NULL, dead_at = now(), last_error = %s WHERE id = (
               SELECT max(id) FROM outbox_delivery)""",
        [f"Error{number}"],
    )
    campaign = campaigns.list_campaigns(viewer=alice, managed=True).results[0]
    payouts.set_destination(campaign_id=campaign.id, by=alice, account="4000-0000-0000-0001", holder="A")
    payouts.request_payout(campaign_id=campaign.id, by=alice)
    reporting.refresh()


def test_number_of_queries_does_not_grow_with_rows(alice: Actor, sam: Actor) -> None:
    browser = browser_of(sam)
    counts = []
    for rows in (1, 3):
        while len(reporting.list_gifts(viewer=sam).results) < rows:
            one_more(alice, len(reporting.list_gifts(viewer=sam).results))
        found = {}
        for name in SCREENS:
            browser.get(reverse(f"admin:{name}"))
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert browser.get(reverse(f"admin:{name}")).status_code == 200
            found[name] = len(asked)
        counts.append(found)
    assert counts[0] == counts[1]
    assert counts[0]["gifts"] <= 10, counts[0]
