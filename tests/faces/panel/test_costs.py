"""Each screen asks the database the same number of times whether it shows one row or three."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.payouts import interface as payouts
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.pledges import interface as pledges
from apps.reporting import interface as reporting
from tests.pledges.support import captured, open_campaign, tell
from tests.reporting.support import give

from .conftest import World, browser_of, with_refund
from .test_who_may import MATRIX

pytestmark = pytest.mark.django_db(transaction=True)

# What of a screen's page is there once per row. Screens that show one thing alone say so with "".
ROWS: dict[str, str] = {
    "index": '<li class="task',
    "campaigns": '<th scope="row">',
    "campaign": "@example.org<",
    "gifts": '<th scope="row">',
    "gift": "A part of it",
    "gift-books": "",
    "gift-jobs": '<th scope="row">',
    "gift-job": "",
    "donors": '<th scope="row">',
    "donor": '<th scope="row">',
    "payouts": '<th scope="row">',
    "payout": "",
    "payout-decision": "",
    "campaign-payouts": "",
    "campaign-news": "<article",
    "campaign-team": '<th scope="row">',
    "refunds": '<th scope="row">',
    "refund-decision": "",
    "exports": '<th scope="row">',
    "anomalies": '<th scope="row">',
    "anomaly": "",
    "dead-letters": "Error",
    "webhooks": '<th scope="row">',
    "health": "",
    "people": '<th scope="row">',
    "person": '<th scope="row">',
    "audit-trail": '<th scope="row">',
    "api-keys": '<th scope="row">',
    "campaign-new": "",
    "campaign-edit": "",
    "campaign-extras": "",
    "campaign-review": "",
    "campaign-submission": "",
    "campaign-publication": "",
    "campaign-pause": "",
    "campaign-closure": "",
    "campaign-archive": "",
    "gift-capture": "",
    "gift-cancellation": "",
    "gift-refund": "",
    "person-deactivation": "",
}
UNSEEN = {"export"}  # a file, not a page


def one_more(world: World, alice: Actor, sam: Actor, number: int) -> None:
    """One more of everything that some screen lists."""
    campaign = open_campaign(alice, title=f"Campaign {number}")
    own = give(campaign, email=f"other{number}@example.org")
    more = give(world.campaign, email=f"donor{number}@example.org")
    again = give(world.campaign, email="Rahim@example.org", name="Rahim")
    tell(captured(own), captured(more), captured(again))
    pledges.refund_pledge(pledge_id=world.captured, by=alice, amount=10_00, reason=f"A part of it {number}")
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
    pledges.add_note(pledge_id=world.captured, by=alice, body=f"A part of it was noted {number}")
    pledges.prepare_job(by=alice, action="capture", pledge_ids=[world.authorized])
    reporting.save_filter(by=sam, name=f"Filter {number}", wanted=reporting.GiftFilter(status="captured"))
    reporting.ask_for_export(by=sam, wanted=reporting.GiftFilter(), format="csv")
    person = accounts.ensure_user(email=f"person{number}@example.org", password="x" * 20, name="P", roles=["manager"])
    accounts.issue_api_key(by=sam, name=f"Key {number}", scopes=[])
    db.execute(
        """INSERT INTO campaigns_teammember (campaign_id, user_id, role, added_by_id, added_at)
           VALUES (%s, %s, 'editor', %s, now())""",
        [world.campaign.id, person.id, alice.user_id],
    )
    with_refund(world, alice)
    campaigns.post_update(campaign_id=world.campaign.id, by=alice, title=f"News {number}", body="They came.")
    db.execute("UPDATE reporting_export SET status = 'failed' WHERE status = 'due'")
    for role in ("grant_role", "revoke_role"):
        getattr(accounts, role)(user_id=world.user_id, role="staff", by=sam)
        getattr(accounts, role)(user_id=person.id, role="staff", by=sam)
    db.execute(
        """UPDATE outbox_delivery SET done_at = NULL, dead_at = now(), last_error = %s WHERE id = (
               SELECT max(id) FROM outbox_delivery WHERE dead_at IS NULL)""",
        [f"Error{number}"],
    )
    payouts.set_destination(campaign_id=campaign.id, by=alice, account="4000-0000-0000-0001", holder="A")
    payouts.request_payout(campaign_id=campaign.id, by=alice)
    reporting.refresh()


def test_every_screen_is_counted() -> None:
    shown = {name for name, (_, method, *_) in MATRIX.items() if method == "GET"}
    assert shown - UNSEEN == set(ROWS)


def test_number_of_queries_does_not_grow_with_rows(world: World, alice: Actor, sam: Actor) -> None:
    browser, world = browser_of(sam), with_refund(world, alice)
    first, few = counted(browser, world, alice, sam, 1)
    second, many = counted(browser, world, alice, sam, 3)
    assert second == first
    assert second["gifts"] <= 10, second
    grown = {name for name in ROWS if many[name] > few[name]}
    assert grown >= {name for name, row in ROWS.items() if row} - {"index"}, (few, many)


def counted(browser: Any, world: World, alice: Actor, sam: Actor, rows: int) -> tuple[dict[str, int], dict[str, int]]:
    """The queries of each screen, and the rows it shows, with `rows` more of everything."""
    for number in range(rows):
        one_more(world, alice, sam, rows * 10 + number)
    queries, shown = {}, {}
    for name, row in ROWS.items():
        url = reverse(f"admin:{name}", args=[getattr(v, "id", v) for v in (getattr(world, k) for k in MATRIX[name][0])])
        browser.get(url)
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(url)
        assert answer.status_code == 200, name
        queries[name], shown[name] = len(asked), answer.content.decode().count(row) if row else 0
    return queries, shown
