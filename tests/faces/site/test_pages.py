"""The public pages: what they show, in which language, at which cost."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.campaigns import interface as campaigns
from apps.faces.site.campaigns import figures
from apps.faces.site.pages import plot
from apps.outbox import interface as outbox
from apps.platform.actors import Actor
from apps.pledges import interface as pledges
from tests.pledges.support import captured, open_campaign, tell, wish

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ["/", "/campaigns/", "/about/", "/transparency/", "/privacy/", "/status/", "/styleguide/", "/counter/"]


@pytest.fixture(autouse=True)
def fresh_figures() -> None:
    figures._sums.clear()
    figures._gifts.clear()
    cache.clear()


def queries_of(client: Client, path: str) -> int:
    figures._sums.clear()
    figures._gifts.clear()
    plot._periods.clear()
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize("language", ["en", "bn"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_on_an_empty_installation(client: Client, path: str, language: str) -> None:
    response = client.get(path, headers={"accept-language": language})
    assert response.status_code == 200
    if path != "/counter/":
        assert f'<html lang="{language}">' in response.content.decode()


@pytest.mark.parametrize("path", ["/", "/campaigns/", "/transparency/"])
def test_lists_cost_the_same_with_one_campaign_and_with_three(client: Client, alice: Actor, path: str) -> None:
    open_campaign(alice)
    one = queries_of(client, path)
    open_campaign(alice)
    open_campaign(alice)
    assert queries_of(client, path) == one


def test_a_campaign_costs_the_same_with_one_gift_and_with_three(client: Client, alice: Actor) -> None:
    campaign = open_campaign(alice)
    place = f"/campaigns/{campaign.slug}/"

    def costs() -> dict[str, int]:
        return {
            path: queries_of(client, place + path)
            for path in ("", "gifts/", "updates/", "updates.atom", "money/", "live/")
        }

    def more(title: str) -> None:
        tell(captured(pledges.make_pledge(new=wish(campaign.id)).pledge_id))
        campaigns.post_update(campaign_id=campaign.id, by=alice, title=title, body="All is well.")
        outbox.drain()

    more("First")
    costs()  # what is loaded once a process
    one = costs()
    more("Second")
    more("Third")
    assert costs() == one


def test_the_language_of_the_address_wins_and_is_remembered(client: Client) -> None:
    assert '<html lang="bn">' in client.get("/about/?lang=bn").content.decode()
    assert '<html lang="bn">' in client.get("/about/").content.decode()
    assert '<html lang="en">' in client.get("/about/?lang=en").content.decode()
    assert '<html lang="en">' in client.get("/about/?lang=xx", headers={"accept-language": "bn"}).content.decode()


def test_a_page_names_its_canonical_address_and_its_languages(client: Client, alice: Actor) -> None:
    campaign = open_campaign(alice)
    page = client.get(f"/campaigns/{campaign.slug}/?utm_source=x&lang=bn").content.decode()
    address = f"{settings.PUBLIC_URL}/campaigns/{campaign.slug}/"
    assert f'<link rel="canonical" href="{address}">' in page
    assert f'<link rel="alternate" hreflang="bn" href="{address}?lang=bn">' in page
    assert f'<link rel="alternate" hreflang="x-default" href="{address}">' in page


@pytest.mark.parametrize(("path", "says"), [("/nothing/", "There is nothing here"), ("/campaigns/none/", "no such")])
def test_what_is_not_there_gets_a_page_that_leads_on(client: Client, path: str, says: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert says in response.content.decode()
    assert 'href="/campaigns/"' in response.content.decode()


def test_browsing_falls_back_to_what_is_usual_when_asked_nonsense(client: Client, alice: Actor) -> None:
    campaign = open_campaign(alice)
    page = client.get("/campaigns/?category=<script>&ordering=;drop&status=draft&search=%00").content.decode()
    assert campaign.title in page
    assert "<script>" not in page.split("<body>")[1].split("</main>")[0].replace('<script type="module"', "")


def test_the_styleguide_is_not_for_a_charitys_visitors(client: Client, settings) -> None:
    settings.DEMO_MODE = False
    assert client.get("/styleguide/").status_code == 404


def test_the_open_books_show_public_campaigns_alone(client: Client, alice: Actor) -> None:
    campaign = open_campaign(alice)
    draft = campaigns.create_campaign(
        by=alice, new=campaigns.NewCampaign("Draft", "s", "s", "arts", 999_900, campaign.currency)
    )
    assert draft.status == "draft"
    assert {each.category for each in campaigns.public_sums()} == {campaign.category}
