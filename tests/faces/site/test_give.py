"""The checkout: what is typed wrongly comes back as typed, what is sent twice is given once, nothing ends in a dead end."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.bank import interface as bank
from apps.campaigns import interface as campaigns
from apps.faces.site.pledges.forms import AT_BANK, TEST_ACCOUNTS
from apps.platform import db
from apps.platform.actors import Actor
from tests.pledges.support import open_campaign

pytestmark = pytest.mark.django_db(transaction=True)
REMEMBERED = "Rahima of Kurigram"


@pytest.fixture
def campaign(alice: Actor) -> campaigns.Campaign:
    """Takes 10 to 50,000 taka."""
    return open_campaign(alice)


def a_gift(**changes: str) -> dict[str, str]:
    gift = {"preset": "50000", "other_amount": "", "name": REMEMBERED, "email": "rahima@example.org", "message": ""}
    return gift | {"account": "4000-0000-0000-0001", "token": str(uuid4())} | changes


def send(client: Client, campaign: campaigns.Campaign, gift: dict[str, str]) -> Any:
    return client.post(f"/campaigns/{campaign.slug}/give/", gift)


def gifts() -> int:
    return int(db.rows("SELECT count(*) AS gifts FROM pledges_pledge", [])[0]["gifts"])


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="([^"]*)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"preset": ""},
        {"preset": "1"},
        {"preset": "other"},
        {"preset": "other", "other_amount": "1e999999"},
        {"preset": "other", "other_amount": "-1e999999"},
        {"preset": "other", "other_amount": "sNaN"},
        {"preset": "other", "other_amount": "Infinity"},
        {"preset": "other", "other_amount": "-500"},
        {"preset": "other", "other_amount": "0"},
        {"preset": "other", "other_amount": "10.005"},
        {"preset": "other", "other_amount": "9223372036854775808"},
        {"email": "nobody"},
        {"message": "x" * 501},
        {"message": "\u202e"},
        {"account": ""},
        {"account": "9999"},
        {"token": "stale"},
        {"token": ""},
    ],
)
def test_a_wrong_form_gives_nothing_and_keeps_what_was_typed(
    client: Client, campaign: campaigns.Campaign, wrong: dict[str, str]
) -> None:
    response = send(client, campaign, a_gift(**wrong))
    page = response.content.decode()
    assert response.status_code == 422
    assert REMEMBERED in page
    assert 'role="alert"' in page
    assert gifts() == 0


@pytest.mark.parametrize("wrong", [{"preset": ""}, {"account": ""}, {"email": "nobody"}, {"message": "x" * 501}])
def test_every_error_leads_to_its_field(client: Client, campaign: campaigns.Campaign, wrong: dict[str, str]) -> None:
    page = send(client, campaign, a_gift(**wrong)).content.decode()
    targets = re.findall(r'<li><a href="#([^"]*)">', page)
    assert targets
    assert all(target and f'id="{target}"' in page for target in targets)


@pytest.mark.parametrize("token", ["stale", ""])
def test_a_form_that_lost_its_token_can_be_sent_again(client: Client, campaign: campaigns.Campaign, token: str) -> None:
    page = send(client, campaign, a_gift(token=token)).content.decode()
    assert send(client, campaign, a_gift(token=token_of(page))).status_code == 302
    assert gifts() == 1


def test_a_form_sent_twice_is_one_gift(client: Client, campaign: campaigns.Campaign) -> None:
    gift = a_gift()
    first, second = send(client, campaign, gift), send(client, campaign, gift)
    assert first["Location"] == second["Location"]
    assert gifts() == 1


def test_another_gift_with_an_old_form_is_asked_about_first(client: Client, campaign: campaigns.Campaign) -> None:
    gift = a_gift()
    send(client, campaign, gift)
    response = send(client, campaign, gift | {"preset": "100000"})
    page = response.content.decode()
    assert response.status_code == 422
    assert REMEMBERED in page
    assert token_of(page) != gift["token"]
    assert gifts() == 1
    assert send(client, campaign, gift | {"preset": "100000", "token": token_of(page)}).status_code == 302
    assert gifts() == 2


def test_every_test_account_of_the_bank_is_on_the_page(client: Client, campaign: campaigns.Campaign) -> None:
    assert sorted(number for number, _ in TEST_ACCOUNTS) == sorted([*bank.TEST_ACCOUNTS, AT_BANK])
    page = client.get(f"/campaigns/{campaign.slug}/give/").content.decode()
    assert all(f'value="{number}"' in page for number in bank.TEST_ACCOUNTS)


def test_a_form_from_elsewhere_is_refused_on_a_page_of_ours(campaign: campaigns.Campaign) -> None:
    response = send(Client(enforce_csrf_checks=True), campaign, a_gift())
    assert response.status_code == 403
    assert "Please send the form again" in response.content.decode()
    assert "style>" not in response.content.decode()
    assert gifts() == 0


def test_the_same_gift_minutes_later_is_asked_about_first(client: Client, campaign: campaigns.Campaign) -> None:
    first = send(client, campaign, a_gift())
    again = a_gift()
    response = send(client, campaign, again)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Give again?" in page
    assert first["Location"] in page
    assert REMEMBERED in page
    assert gifts() == 1
    assert send(client, campaign, again | {"again": "yes"}).status_code == 302
    assert gifts() == 2


def test_what_somebody_else_gave_is_never_told_by_their_address(client: Client, campaign: campaigns.Campaign) -> None:
    send(Client(), campaign, a_gift())
    assert send(client, campaign, a_gift()).status_code == 302
    assert gifts() == 2


def test_a_forged_memory_of_a_gift_is_ignored(client: Client, campaign: campaigns.Campaign) -> None:
    client.cookies["given"] = "WyJ4Il0:forged:forged"
    assert send(client, campaign, a_gift()).status_code == 302


@pytest.mark.django_db(databases=["default", "bank"], transaction=True)
def test_paying_on_the_banks_page_leads_there_and_back(client: Client, campaign: campaigns.Campaign):
    gift = a_gift(account=AT_BANK)
    there = send(client, campaign, gift)
    assert there.status_code == 302
    assert there.headers["Location"].startswith("http://127.0.0.1:8000/bank/approvals/")
    again = send(client, campaign, gift)
    assert (again.status_code, gifts()) == (302, 1)
    page = there.headers["Location"].removeprefix("http://127.0.0.1:8000")
    client.post(page + "account/", {"account": "4000-0000-0000-0001"})
    back = client.post(page + "yes/").headers["Location"].removeprefix("http://127.0.0.1:8000")
    arrived = client.get(back)
    assert arrived.status_code == 302
    shown = client.get(arrived.headers["Location"]).content.decode()
    assert "Go to the bank" in shown, "the way back proves nothing: only the webhook will tell"
    assert client.get(back[:-4] + "xyz/").status_code == 404
    policy = client.get(f"/campaigns/{campaign.slug}/give/").headers["Content-Security-Policy"]
    assert "form-action 'self' http://127.0.0.1:8000" in policy


def test_a_gift_every_month_names_its_account(client: Client, campaign: campaigns.Campaign):
    answer = send(client, campaign, a_gift(account=AT_BANK, frequency="monthly"))
    assert (answer.status_code, gifts()) == (422, 0)
    assert "For a gift every month, choose an account." in answer.content.decode()
