"""A real streaming replica: lists are read there, money and one's own writes are not, and nobody sees when it is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from apps.campaigns import interface as campaigns
from apps.platform import db, replica
from apps.platform.actors import ANONYMOUS, Actor
from apps.reporting import interface as reporting
from tests.conftest import headers_of
from tests.pledges.support import open_campaign
from tests.support.replica import Replica, streaming
from tests.support.stack import Stack

pytestmark = [
    pytest.mark.django_db(databases=["default", "bank"], transaction=True),
    pytest.mark.xdist_group("replica"),
]


@pytest.fixture
def copy(tmp_path: Path, settings: Any) -> Iterator[Replica]:
    settings.REPLICA_MAX_LAG_SECONDS = 300
    primary = connections.settings["default"]
    with streaming(tmp_path, primary) as running:
        connections.settings["replica"] = primary | {"HOST": "127.0.0.1", "PORT": running.port}
        try:
            _let_connect(connections["replica"])
            Stack.wait_for(replica.is_usable)
            yield running
        finally:
            connections["replica"].close()
            del connections["replica"]
            del connections.settings["replica"]


def _let_connect(connection: Any) -> None:
    """Django lets a test use the databases of its settings only; this one comes later."""

    def ensure() -> None:
        if connection.connection is None:
            with connection.wrap_database_errors:
                connection.connect()

    connection.ensure_connection = ensure


def listed(client: Client, **headers: Any) -> set[str]:
    answer = client.get("/api/v1/campaigns", headers=headers)
    assert answer.status_code == 200, answer.content
    return {each["title"] for each in answer.json()["results"]}


def answered_by(place: str) -> float:
    return float(replica._reads.labels(place)._value.get())


def test_it_streams_and_lists_are_read_there_but_not_by_whoever_has_just_written(
    copy: Replica, alice: Actor, bob: Actor
) -> None:
    assert "streaming" in {row["state"] for row in db.rows("SELECT state FROM pg_stat_replication")}
    open_campaign(alice, title="Boats")
    Stack.wait_for(lambda: listed(Client()) == {"Boats"})
    copy.pause()
    mill = open_campaign(alice, title="Mill")

    assert listed(Client()) == {"Boats"}, "a list, read from the copy"
    assert "Mill" not in Client().get("/campaigns/").content.decode()
    assert Client().get("/api/v1/campaigns?search=mill").json()["results"] == []
    assert Client().get(f"/api/v1/campaigns/{mill.id}").json()["title"] == "Mill", (
        "one campaign, its total: the primary"
    )
    gift: dict[str, Any] = {
        "campaign": str(mill.id),
        "amount": 500_00,
        "donor": {"email": "g@example.org", "name": "G"},
    }
    gift["payment"] = {"provider": "bank", "account": "4000-0000-0000-0001"}
    asked = Client().post("/api/v1/pledges", gift, "application/json", headers={"Idempotency-Key": "at-the-primary"})
    assert asked.status_code == 201, "nor is money decided there"

    api, other = headers_of(alice), headers_of(bob)
    assert listed(Client(), **api) == {"Boats"}
    assert (
        Client().patch(f"/api/v1/campaigns/{mill.id}", {"summary": "new"}, "application/json", headers=api).status_code
        == 200
    )
    assert listed(Client(), **api) == {"Boats", "Mill"}, "whoever wrote sees it"
    assert listed(Client(), **other) == {"Boats"}, "the others go on reading from the copy"

    visitor = Client()
    visitor.post("/accounts/sign-in/", {"email": "nobody@example.org", "password": "wrong"})
    assert "Mill" in visitor.get("/campaigns/").content.decode(), "a browser that wrote"
    assert visitor.cookies["wrote"]["max-age"] > 300

    copy.resume()
    Stack.wait_for(lambda: listed(Client()) == {"Boats", "Mill"})


def test_one_that_lags_is_not_read(copy: Replica, alice: Actor, settings: Any, client: Client) -> None:
    open_campaign(alice, title="Boats")
    Stack.wait_for(lambda: listed(client) == {"Boats"})
    copy.pause()
    open_campaign(alice, title="Mill")
    assert listed(client) == {"Boats"}
    settings.REPLICA_MAX_LAG_SECONDS = 1
    Stack.wait_for(lambda: listed(client) == {"Boats", "Mill"})
    ready = client.get("/readyz").json()
    assert (ready["status"], ready["dependencies"]["replica"]["required"]) == ("degraded", False)
    assert "behind" in ready["dependencies"]["replica"]["detail"]
    copy.resume()
    Stack.wait_for(lambda: client.get("/readyz").json()["dependencies"]["replica"]["status"] == "up")


def test_one_that_dies_is_not_missed_and_one_that_was_promoted_is_not_read(
    copy: Replica, alice: Actor, client: Client
) -> None:
    open_campaign(alice, title="Boats")
    Stack.wait_for(lambda: listed(client) == {"Boats"})
    copy.kill()
    at_primary = answered_by("primary")
    for _ in range(20):
        assert listed(client) == {"Boats"}
    assert answered_by("primary") > at_primary
    assert client.get("/readyz").json()["dependencies"]["replica"]["status"] == "down"

    copy.start()
    Stack.wait_for(replica.is_usable)
    assert copy.ask("SELECT pg_promote()")
    Stack.wait_for(lambda: not replica.is_usable())
    open_campaign(alice, title="Mill")
    assert listed(client) == {"Boats", "Mill"}


REPORTS: list[Callable[..., Any]] = [
    lambda viewer: campaigns.list_campaigns(viewer=viewer),
    lambda viewer: campaigns.count_by_status(viewer=viewer),
    lambda viewer: campaigns.managed_titles(viewer=viewer),
    lambda viewer: campaigns.public_sums(),
    lambda viewer: campaigns.public_addresses(),
    lambda viewer: reporting.list_gifts(viewer=viewer),
    lambda viewer: reporting.list_donors(viewer=viewer),
    lambda viewer: reporting.money_by_day(viewer=viewer, since=date(2026, 1, 1), until=date(2026, 1, 2)),
    lambda viewer: reporting.funnel(viewer=viewer),
    lambda viewer: reporting.top_campaigns(viewer=viewer, since=date(2026, 1, 1), until=date(2026, 1, 2)),
    lambda viewer: reporting.hours_of_today(viewer=viewer, currency="BDT"),
    lambda viewer: reporting.campaign_money(campaign_ids=[]),
    lambda viewer: reporting.stuck_gifts(viewer=viewer),
]


def test_each_list_and_report_is_read_there_by_readers_only(copy: Replica, sam: Actor) -> None:
    before = answered_by("replica")
    Stack.wait_for(lambda: copy.ask(f"SELECT count(*) FROM accounts_user WHERE id = '{sam.user_id}'") == 1)
    for place, report in enumerate(REPORTS, 1):
        with replica.reading():
            report(sam)
        assert answered_by("replica") == before + place, f"report {place} is read elsewhere"
    campaigns.list_campaigns(viewer=ANONYMOUS)
    assert answered_by("replica") == before + len(REPORTS), "workers and commands act on what they read"
