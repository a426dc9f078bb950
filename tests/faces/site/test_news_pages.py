"""News from the team's side: preview first, publish once, correct, take off; the open books' plot says what its table says."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from apps.campaigns import interface as campaigns
from apps.faces.site.campaigns import figures
from apps.faces.site.pages import plot
from apps.notifications.services.send_letters import send_letters
from apps.outbox import interface as outbox
from apps.platform.actors import Actor
from apps.pledges import interface as pledges
from apps.reporting import interface as reporting
from tests.conftest import PASSWORD
from tests.pledges.support import captured, open_campaign, taken, tell, wish

pytestmark = pytest.mark.django_db
NEWS = {"title": "The roof is on", "body": "**Dry** at last. <script>alert(1)</script> [more](javascript:alert(1))"}


@pytest.fixture
def campaign(alice: Actor) -> campaigns.Campaign:
    return open_campaign(alice)


def signed_in(email: str) -> Client:
    client = Client()
    client.post("/accounts/sign-in/", {"email": email, "password": PASSWORD})
    return client


def kept(campaign: campaigns.Campaign) -> list[campaigns.Update]:
    return campaigns.latest_updates(campaign_id=campaign.id)


def test_news_is_previewed_published_corrected_and_taken_off(campaign: campaigns.Campaign) -> None:
    alice, place = signed_in("alice@example.org"), f"/campaigns/{campaign.slug}/updates/"
    assert place + "new/" in alice.get(place).content.decode()
    seen = alice.post(place + "new/", NEWS | {"preview": "1"}).content.decode()
    assert "<strong>Dry</strong>" in seen
    assert "<script>alert" not in seen
    assert 'href="javascript' not in seen
    assert 'value="The roof is on"' in seen, "what was typed stays"
    assert kept(campaign) == []
    assert alice.post(place + "new/", NEWS).headers["Location"].startswith(f"{place}#update-")
    [made] = kept(campaign)
    page = Client().get(place).content.decode()
    assert "The roof is on" in page
    assert "edit/" not in page
    one = f"{place}{made.id}/"
    assert "This is how it will look" in alice.post(one + "edit/", NEWS | {"preview": "1"}).content.decode()
    assert alice.post(one + "edit/", NEWS | {"title": "The roof is up"}).status_code == 302
    assert kept(campaign)[0].title == "The roof is up"
    assert "The roof is up" in alice.get(one + "removal/").content.decode()
    assert kept(campaign) != []
    assert alice.post(one + "removal/").status_code == 302
    assert kept(campaign) == []
    assert alice.get(one + "edit/").status_code == 404


@pytest.mark.parametrize(("field", "value"), [("title", ""), ("body", ""), ("title", "x" * 121), ("title", "a\x07b")])
def test_an_error_stands_beside_its_field(campaign: campaigns.Campaign, field: str, value: str) -> None:
    alice = signed_in("alice@example.org")
    for more in ({}, {"preview": "1"}):
        answer = alice.post(f"/campaigns/{campaign.slug}/updates/new/", NEWS | {field: value} | more)
        assert answer.status_code == 422
        assert f'id="id_{field}-error"' in answer.content.decode()
    assert kept(campaign) == []


def test_nobody_else_writes(campaign: campaigns.Campaign, bob: Actor, charlie: Actor, sam: Actor) -> None:
    place = f"/campaigns/{campaign.slug}/updates/"
    signed_in("alice@example.org").post(place + "new/", NEWS)
    paths = [place + "new/", *(f"{place}{kept(campaign)[0].id}/{verb}/" for verb in ("edit", "removal"))]
    for path in paths:
        assert "/accounts/sign-in/" in Client().post(path, NEWS).headers["Location"]
        for email in ("bob@example.org", "charlie@example.org"):
            assert signed_in(email).get(path).status_code == 403
            assert signed_in(email).post(path, NEWS | {"title": "Stolen"}).status_code == 403
        assert signed_in("sam@example.org").get(path).status_code == 200
    assert [each.title for each in kept(campaign)] == [NEWS["title"]]


def test_the_plot_of_the_open_books_says_what_its_table_says(campaign: campaigns.Campaign, client: Client) -> None:
    for amount in (300_00, 450_00):
        gift = pledges.make_pledge(new=wish(campaign.id, amount=amount))
        tell(taken(gift))
    outbox.drain()
    reporting.refresh()
    plot._periods.clear()
    figures._sums.clear()
    figures._gifts.clear()
    page = client.get("/transparency/").content.decode().replace("\u00a0", " ")
    assert "BDT 750 in the last thirty days" in page
    bars = re.findall(r'<rect class="days__bar"[^>]*height="([\d.]+)"[^>]*><title>([^<]+)</title>', page)
    assert len(bars) == plot.DAYS
    assert [height for height, _ in bars if float(height)] == ["120.0"]
    cells = re.findall(r'<th scope="row">([^<]+)</th><td class="num">[^<]+</td><td class="num">([^<]+)</td></tr>', page)
    assert [f"{day}: {amount}" for day, amount in cells] == [said for _, said in bars]


@pytest.mark.parametrize(("accepted", "is_bangla"), [("bn-BD,bn;q=0.9,en;q=0.5", True), ("fr", False), ("", False)])
def test_a_gift_over_the_api_says_its_letters_language(
    campaign: campaigns.Campaign, client: Client, mailoutbox: list[Any], accepted: str, is_bangla: bool
) -> None:
    wanted = {
        "campaign": str(campaign.id),
        "amount": 500_00,
        "donor": {"name": "Guest", "email": "guest@example.org"},
        "payment": {"provider": "bank", "account": "4000-0000-0000-0001"},
    }
    headers = {"Accept-Language": accepted} if accepted else {}
    made = client.post("/api/v1/pledges", wanted, content_type="application/json", headers=headers)
    assert made.status_code == 201
    tell(captured(UUID(made.json()["id"])))
    send_letters()
    [mail] = [each for each in mailoutbox if each.to == ["guest@example.org"]]
    assert any("\u0980" <= letter <= "\u09ff" for letter in mail.body) == is_bangla
