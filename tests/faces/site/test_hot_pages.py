"""Kept pages: fresh, one load for many, in each reader's language, and never somebody's own."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from apps.campaigns import interface as campaigns
from apps.platform.actors import SYSTEM, Actor
from tests.conftest import PASSWORD
from tests.pledges.support import open_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(alice: Actor, settings: Settings) -> str:
    """The address of a campaign's page; what is kept stays for an hour, so that a fresh page is no accident."""
    settings.HOT_PAGE_SECONDS = 3600.0
    return f"/campaigns/{open_campaign(alice).slug}/"


def test_a_second_reader_costs_nothing(address: str) -> None:
    client = Client()
    first = client.get(address)
    with CaptureQueriesContext(connection) as queries:
        again = client.get(address)
    assert (again.status_code, again.content, len(queries)) == (200, first.content, 0)
    assert again["Cache-Control"] == "public, max-age=1, stale-while-revalidate=1"
    assert "Cookie" in again["Vary"]
    assert again["X-Request-ID"] != first["X-Request-ID"]
    assert "Content-Security-Policy" in again


def test_control_without_it_every_reader_costs_queries(address: str, settings: Settings) -> None:
    settings.HOT_PAGE_SECONDS = 0.0
    client = Client()
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) > 0


def test_each_language_has_its_own(address: str) -> None:
    client = Client()
    english, bangla = client.get(address), client.get(address, headers={"Accept-Language": "bn"})
    assert b'<html lang="en"' in english.content
    assert b'<html lang="bn"' in bangla.content
    client.cookies["django_language"] = "bn"
    assert client.get(address).content == bangla.content


def test_the_signed_in_get_their_own_and_leave_nothing_behind(address: str, bob: Actor) -> None:
    client = Client()
    anonymous = client.get(address)
    client.login(username="bob@example.org", password=PASSWORD)
    own = client.get(address)
    assert own.context["user"].is_authenticated
    assert "public" not in own.get("Cache-Control", "")
    assert own.content != anonymous.content
    client.logout()
    assert client.get(address).content == anonymous.content


def test_a_question_or_a_foreign_cookie_goes_the_long_way(address: str) -> None:
    client = Client()
    client.get(address)
    asked = client.get(address + "?lang=bn")
    assert b'<html lang="bn"' in asked.content
    assert "django_language" in asked.cookies
    client.cookies["messages"] = "something"
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) > 0


def test_the_lists_own_questions_are_kept_apart(address: str) -> None:
    client = Client()
    newest, ending = client.get("/campaigns/?ordering=-created_at"), client.get("/campaigns/?ordering=ends_at")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/campaigns/?ordering=-created_at").content == newest.content
        assert client.get("/campaigns/?ordering=ends_at").content == ending.content
    assert len(queries) == 0
    assert newest.content != ending.content
    with CaptureQueriesContext(connection) as queries:
        client.get("/campaigns/?search=boats")
    assert len(queries) > 0


def test_refusals_are_never_kept(address: str, settings: Settings) -> None:
    client = Client()
    assert client.post(address).status_code == 405
    assert client.get("/campaigns/nobody-made-this/").status_code == 404
    settings.ALLOWED_HOSTS = ["good.example"]
    assert client.get(address, headers={"Host": "bad.example"}).status_code == 400
    assert client.get(address, headers={"Host": "good.example"}).status_code == 200


def test_what_is_gone_is_gone_when_its_copy_is_stale(address: str, alice: Actor, settings: Settings) -> None:
    settings.HOT_PAGE_SECONDS = 1e-9
    client = Client()
    assert client.get(address).status_code == 200
    campaign = campaigns.get_campaign(slug=address.split("/")[2], viewer=alice)
    campaigns.close_campaign(campaign_id=campaign.id, by=alice)
    campaigns.archive_campaign(campaign_id=campaign.id, by=SYSTEM)
    assert client.get(address).status_code == 404
