"""The guard on the checkout: machines are asked for work, people without JavaScript for patience; nothing typed is lost."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.campaigns import interface as campaigns
from apps.platform import clock

from .support import be_declined, pledges_made, solved

pytestmark = pytest.mark.django_db(transaction=True)


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send back untouched."""
    return dict(re.findall(r'<input type="hidden" name="(token|shown|solution)" value="([^"]*)"', page))


def open_form(client: Client, campaign: campaigns.Campaign) -> dict[str, str]:
    return filled(client.get(f"/campaigns/{campaign.slug}/give/").content.decode())


def filled(page: str) -> dict[str, str]:
    gift = {
        "preset": "50000",
        "other_amount": "",
        "name": "Rahima",
        "email": "rahima@example.org",
        "message": "Be well",
    }
    return gift | {"account": "4000-0000-0000-0001", "website": "", "token": str(uuid4())} | fields_of(page)


def send(client: Client, campaign: campaigns.Campaign, gift: dict[str, str]) -> Any:
    return client.post(f"/campaigns/{campaign.slug}/give/", gift)


def challenge_in(answer: Any) -> dict[str, Any] | None:
    found = re.search(r'<script id="challenge" type="application/json">(.*?)</script>', answer.content.decode())
    return json.loads(found[1]) if found else None


def test_an_honest_donor_notices_nothing(client: Client, campaign: campaigns.Campaign) -> None:
    page = client.get(f"/campaigns/{campaign.slug}/give/").content.decode()
    assert "challenge" not in page
    assert "proof.js" not in page
    assert send(client, campaign, filled(page)).status_code == 302, "even one who is as quick as a password manager"


@pytest.mark.parametrize("machine", [{"website": "https://spam.example"}, {"shown": ""}, {"shown": "made:up:x"}])
def test_a_machine_gets_the_form_again_with_work_to_do(
    client: Client, campaign: campaigns.Campaign, machine: dict[str, str]
) -> None:
    gift = open_form(client, campaign) | machine

    held = send(client, campaign, gift)

    page = held.content.decode()
    assert held.status_code == 422
    assert "nothing was given yet" in page
    assert "<noscript>" in page
    assert "proof.js" in page
    assert 'value="rahima@example.org"' in page
    assert "Be well" in page
    assert pledges_made() == 0
    challenge = challenge_in(held)
    assert challenge
    again = send(client, campaign, gift | fields_of(page) | {"solution": solved(challenge)})
    assert again.status_code == 302
    assert pledges_made() == 1


def test_a_token_of_another_campaign_is_none(
    client: Client, campaign: campaigns.Campaign, other_campaign: campaigns.Campaign
) -> None:
    other = open_form(client, other_campaign)["shown"]
    assert send(client, campaign, open_form(client, campaign) | {"shown": other}).status_code == 422


def test_patience_is_enough_without_javascript(client: Client, campaign: campaigns.Campaign) -> None:
    now = clock.now()
    gift = open_form(client, campaign) | {"website": "filled in by the browser"}
    with clock.use(clock.FrozenClock(now)):
        gift |= fields_of(send(client, campaign, gift).content.decode())
    for seconds, status in ((5, 422), (19, 422), (25, 302)):
        with clock.use(clock.FrozenClock(now + timedelta(seconds=seconds))):
            assert send(client, campaign, gift).status_code == status


def test_patience_is_not_enough_where_declines_pile_up(client: Client, campaign: campaigns.Campaign) -> None:
    be_declined(client, campaign, 8, "127.0.0.1")
    now = clock.now()
    with clock.use(clock.FrozenClock(now)):
        held = send(client, campaign, open_form(client, campaign))
    gift = filled(held.content.decode())
    with clock.use(clock.FrozenClock(now + timedelta(seconds=60))):
        assert held.status_code == send(client, campaign, gift).status_code == 422
    assert pledges_made() == 8


def test_while_the_breaker_is_open_the_form_brings_the_work_along(client: Client, campaign: campaigns.Campaign) -> None:
    for number in range(24):
        be_declined(client, campaign, 1, f"192.0.2.{number}")
    page = client.get(f"/campaigns/{campaign.slug}/give/")
    challenge = challenge_in(page)
    assert challenge
    assert "nothing was given yet" not in page.content.decode(), "nobody is accused"
    gift = filled(page.content.decode())
    assert send(client, campaign, gift | {"solution": solved(challenge)}).status_code == 302


def test_a_hot_address_is_turned_away_with_a_page(client: Client, campaign: campaigns.Campaign, settings) -> None:
    settings.GUARD |= {"DECLINES": 100}
    be_declined(client, campaign, 6, "127.0.0.1")
    settings.GUARD |= {"DECLINES": 2}
    refused = send(client, campaign, open_form(client, campaign))
    assert (refused.status_code, refused["Retry-After"]) == (429, "300")
    assert "declined" in refused.content.decode()
