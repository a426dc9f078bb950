"""Gifts that share a transaction: each as if it were alone, whatever the others of its batch do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event, Lock
from uuid import uuid4

import pytest
from django.db import DataError, transaction
from django.test import Client
from pytest_django import Settings

from apps.campaigns import interface as campaigns
from apps.platform import context, db
from apps.pledges import errors
from apps.pledges import interface as pledges

from .support import PAYS, at_once, kinds, wish

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 40
TRANSACTIONS = "SELECT count(*) AS pledges, count(DISTINCT xmin::text) AS commits FROM pledges_pledge"


@pytest.fixture(autouse=True)
def _together(settings: Settings) -> None:
    settings.GROUP_COMMIT = True


@pytest.fixture
def held(campaign: campaigns.Campaign) -> Iterator[Event]:
    """The campaign's row is locked by somebody until the event is set: what comes meanwhile meets in one queue."""
    release, locked = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            db.rows("SELECT 1 FROM campaigns_campaign WHERE id = %s FOR UPDATE", [campaign.id])
            locked.set()
            release.wait(20)

    with ThreadPoolExecutor(1) as pool:
        holder = pool.submit(at_once, [hold])
        locked.wait(10)
        yield release
        release.set()
        holder.result(20)


def crowd(campaign: campaigns.Campaign) -> list[object]:
    return at_once([partial(pledges.make_pledge, new=wish(campaign.id, idempotency_key=f"k{n}")) for n in range(CROWD)])


def test_a_crowd_shares_transactions(campaign: campaigns.Campaign) -> None:
    assert kinds(crowd(campaign)) == {"MadePledge": CROWD}
    found = db.rows(TRANSACTIONS)[0]
    assert found["pledges"] == CROWD
    assert found["commits"] < CROWD


def test_control_alone_each_has_its_own(campaign: campaigns.Campaign, settings: Settings) -> None:
    settings.GROUP_COMMIT = False
    assert kinds(crowd(campaign)) == {"MadePledge": CROWD}
    assert db.rows(TRANSACTIONS) == [{"pledges": CROWD, "commits": CROWD}]


def test_one_key_makes_one_pledge_and_another_body_is_told(campaign: campaigns.Campaign) -> None:
    same = wish(campaign.id, idempotency_key="double click")
    other = wish(campaign.id, idempotency_key="double click", amount=600_00)
    pledges.make_pledge(new=same)

    results = at_once([partial(pledges.make_pledge, new=same)] * 30 + [partial(pledges.make_pledge, new=other)] * 10)

    assert kinds(results) == {"MadePledge": 30, "IdempotencyKeyReused": 10}
    assert len({each.pledge_id for each in results if isinstance(each, pledges.MadePledge)}) == 1
    assert db.rows(TRANSACTIONS)[0]["pledges"] == 1


def test_a_refusal_and_a_bad_row_spoil_only_their_own(campaign: campaigns.Campaign) -> None:
    too_long = partial(pledges.make_pledge, new=wish(campaign.id, idempotency_key="k" * 300))
    nowhere = partial(pledges.make_pledge, new=wish(uuid4(), idempotency_key="nowhere"))
    good = [partial(pledges.make_pledge, new=wish(campaign.id, idempotency_key=f"good {n}")) for n in range(20)]

    results = at_once([too_long, nowhere, *good])

    assert isinstance(results[0], DataError)
    assert isinstance(results[1], errors.CampaignNotFound)
    assert kinds(results[2:]) == {"MadePledge": 20}
    assert db.rows(TRANSACTIONS)[0]["pledges"] == 20


def test_each_keeps_the_request_that_it_came_with(campaign: campaigns.Campaign) -> None:
    def give(number: int) -> str:
        with context.bound(request_id=f"request-{number}", traceparent=f"trace-{number}"):
            return str(pledges.make_pledge(new=wish(campaign.id, idempotency_key=f"k{number}")).pledge_id)

    made = at_once([partial(give, number) for number in range(20)])

    events = db.rows(
        "SELECT payload->>'pledge_id' AS id, request_id, traceparent FROM outbox_event WHERE type = 'pledge.created'"
    )
    assert {(row["id"], row["request_id"], row["traceparent"]) for row in events} == {
        (made[number], f"request-{number}", f"trace-{number}") for number in range(20)
    }
    paid = db.rows("SELECT reference::text AS id, request_id FROM payments_payment")
    assert {(row["id"], row["request_id"]) for row in paid} == {(made[n], f"request-{n}") for n in range(20)}


def test_a_lost_connection_costs_no_gift(campaign: campaigns.Campaign) -> None:
    pledges.make_pledge(new=wish(campaign.id))
    db.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert not pledges.make_pledge(new=wish(campaign.id, idempotency_key="after")).is_replay
    assert db.rows(TRANSACTIONS)[0]["pledges"] == 2


def test_inside_a_transaction_it_becomes_part_of_it(campaign: campaigns.Campaign) -> None:
    with transaction.atomic():
        pledges.make_pledge(new=wish(campaign.id))
        transaction.set_rollback(True)
    assert db.rows(TRANSACTIONS)[0]["pledges"] == 0


def test_one_stuck_campaign_does_not_hold_up_another(
    campaign: campaigns.Campaign, free_campaign: campaigns.Campaign, held: Event
) -> None:
    def free() -> pledges.MadePledge:
        try:
            return pledges.make_pledge(new=wish(free_campaign.id, idempotency_key="free"))
        finally:
            held.set()

    results = at_once([partial(pledges.make_pledge, new=wish(campaign.id, idempotency_key="stuck")), free])
    assert kinds(results) == {"MadePledge": 2}


def test_a_full_queue_says_when_to_come_again(campaign: campaigns.Campaign, held: Event) -> None:
    seen, lock = list[tuple[int, str | None, str]](), Lock()

    def ask(number: int) -> None:
        body = {
            "campaign": str(campaign.id),
            "amount": 500_00,
            "donor": {"email": "guest@example.org"},
            "payment": {"provider": "bank", "account": PAYS},
        }
        answer = Client().post(
            "/api/v1/pledges", json.dumps(body), "application/json", headers={"Idempotency-Key": f"full-{number}"}
        )
        with lock:
            seen.append((answer.status_code, answer.headers.get("Retry-After"), answer.json().get("code", "")))
        if answer.status_code == 503:
            held.set()

    at_once([partial(ask, number) for number in range(80)])

    refused = [each for each in seen if each[0] == 503]
    assert refused
    assert set(refused) == {(503, "1", "too-busy")}
    assert {status for status, _, _ in seen} == {201, 503}
    assert db.rows(TRANSACTIONS)[0]["pledges"] == len(seen) - len(refused)
