"""The read that thousands do at once: ready bytes, one load for a herd, edits seen everywhere as soon as they are committed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from django.conf import settings
from django.db import connection, connections, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from apps.campaigns import interface as campaigns
from apps.campaigns.errors import CampaignNotFound
from apps.faces.api.v1.campaigns import hot
from apps.platform.actors import Actor
from tests.conftest import headers_of

from .support import campaign_in, fold, gift

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _long_lived_copies() -> Iterator[None]:
    """Copies that do not go stale by themselves, so that whatever changes was forgotten on purpose."""
    before, hot._cache.seconds = hot._cache.seconds, 3600.0
    hot._cache.clear()
    yield
    hot._cache.seconds = before
    hot._cache.clear()


def path_of(campaign: campaigns.Campaign) -> str:
    return f"/api/v1/campaigns/{campaign.id}"


def eventually(seen: Callable[[], bool]) -> bool:
    """Ask again until it is so, ten seconds at most."""
    deadline = time.monotonic() + 10
    while not (result := seen()) and time.monotonic() < deadline:
        threading.Event().wait(0.005)
    return result


def test_a_second_read_asks_the_database_nothing(client: Client, alice: Actor):
    campaign = campaign_in("active", alice)
    first = client.get(path_of(campaign))
    # The listener drops everything as it starts to listen, so the first copy may not have been kept.
    assert eventually(lambda: bool(client.get(path_of(campaign)).content) and str(campaign.id) in hot._cache._entries)
    with CaptureQueriesContext(connection) as queries:
        again = client.get(path_of(campaign))
    assert (again.content, len(queries)) == (first.content, 0)
    assert first["Cache-Control"] == "public, max-age=1, stale-while-revalidate=1"


def test_a_known_copy_is_304_without_a_body(client: Client, alice: Actor):
    campaign = campaign_in("active", alice)
    etag = client.get(path_of(campaign))["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = client.get(path_of(campaign), headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
    assert client.get(path_of(campaign), headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_etag_moves_with_edits_and_with_totals(client: Client, alice: Actor):
    campaign = campaign_in("active", alice)
    seen = set()
    for change in (
        lambda: None,
        lambda: campaigns.edit_campaign(campaign_id=campaign.id, by=alice, changes={"title": "Quilts"}),
        lambda: fold(gift(campaign.id, "bob", 500)),
        lambda: campaigns.pause_campaign(campaign_id=campaign.id, by=alice),
    ):
        change()
        seen.add(client.get(path_of(campaign), headers=headers_of(alice))["ETag"])
    assert len(seen) == 4


def test_a_signed_in_reader_never_gets_the_shared_copy(client: Client, alice: Actor):
    campaign = campaign_in("active", alice)
    client.get(path_of(campaign))
    fold(gift(campaign.id, "bob", 500))
    answer = client.get(path_of(campaign), headers=headers_of(alice))
    assert answer.json()["raised_amount"] == 500
    assert answer["Cache-Control"].startswith("private")


def test_a_herd_on_a_cold_copy_costs_one_query(alice: Actor):
    campaign = campaign_in("active", alice)
    request = RequestFactory().get(path_of(campaign))
    hot.read_campaign(request, campaign.id)  # so that the listener stands
    barrier, loads = threading.Barrier(30), []

    def count(execute, sql, params, many, context):
        loads.append(sql)
        return execute(sql, params, many, context)

    def read(_: int) -> bytes:
        try:
            with connection.execute_wrapper(count):
                barrier.wait(10)
                return hot.read_campaign(request, campaign.id).content
        finally:
            connections.close_all()

    hot._cache.clear()
    with ThreadPoolExecutor(30) as pool:
        assert len(set(pool.map(read, range(30)))) == 1
    # An edit heard of in between, or the copy's second running out, costs one load more; a herd would cost thirty.
    assert len([sql for sql in loads if "campaigns_campaign" in sql]) <= 2


def test_an_edit_is_forgotten_everywhere_once_committed(client: Client, alice: Actor):
    """The listener of this process stands for those of all others: it hears of the edit through Valkey only."""
    campaign = campaign_in("active", alice)
    assert client.get(path_of(campaign)).json()["title"] == campaign.title
    campaigns.edit_campaign(campaign_id=campaign.id, by=alice, changes={"title": "Quilts"})
    assert eventually(lambda: client.get(path_of(campaign)).json()["title"] == "Quilts")
    campaigns.pause_campaign(campaign_id=campaign.id, by=alice)
    assert eventually(lambda: client.get(path_of(campaign)).json()["status"] == "paused")
    campaigns.archive_campaign(campaign_id=campaign.id, by=alice)
    assert eventually(lambda: client.get(path_of(campaign)).status_code == 404)


def test_what_was_not_committed_is_not_announced(alice: Actor):
    campaign = campaign_in("active", alice)
    with redis.Redis.from_url(settings.REDIS_URL).pubsub(ignore_subscribe_messages=True) as heard:
        heard.subscribe(campaigns.CHANNEL)
        heard.get_message(timeout=5)  # the confirmation, swallowed
        with transaction.atomic():
            campaigns.edit_campaign(campaign_id=campaign.id, by=alice, changes={"title": "Never"})
            transaction.set_rollback(True)
        campaigns.edit_campaign(campaign_id=campaign.id, by=alice, changes={"title": "Quilts"})
        # Neighbours may be heard on the shared Redis; of this campaign there is one word, that of the second edit.
        said = [heard.get_message(timeout=1) for _ in range(4)]
        assert [each["data"].decode() for each in said if each].count(str(campaign.id)) == 1


def test_an_absence_is_never_kept(client: Client, alice: Actor):
    campaign = campaign_in("in_review", alice)
    with pytest.raises(CampaignNotFound):
        hot._cache.get(str(campaign.id), lambda: hot._load(campaign.id))
    assert client.get(path_of(campaign)).status_code == 404
    campaigns.publish_campaign(campaign_id=campaign.id, by=Actor(roles=frozenset({"staff"})))
    assert client.get(path_of(campaign)).status_code == 200
