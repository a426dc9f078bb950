"""What a manager does with gifts: find one, read its story, give money back once."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts import interface as accounts
from apps.platform import db
from apps.platform.actors import Actor

from .conftest import World, browser_of

pytestmark = pytest.mark.django_db(transaction=True)


def token_on(page: bytes) -> str:
    found = re.search(rb'name="token" value="([^"]+)"', page)
    assert found, page
    return found.group(1).decode()


def test_list_finds_filters_and_says_what_it_cannot_use(world: World, alice: Actor) -> None:
    browser, url = browser_of(alice), reverse("admin:gifts")

    everything = browser.get(url).content.decode()
    assert all(name in everything for name in ("Rahim", "Karim", "Salma", "3 in all"))
    found = browser.get(url, {"search": "rahim@example.org"}).content.decode()
    assert "Rahim" in found
    assert "Karim" not in found
    assert "No gift matches" in browser.get(url, {"search": "nobody at all"}).content.decode()
    refused = browser.get(url, {"search": "ra"})
    assert refused.status_code == 422
    assert "at least three letters" in refused.content.decode()
    assert browser.get(url, {"cursor": "nonsense"}).status_code in (400, 422)
    assert browser.get(url, {"status": "no-such", "since": "yesterday", "campaign": "x\x00"}).status_code == 200


def test_story_tells_states_provider_and_people(world: World, alice: Actor) -> None:
    page = browser_of(alice).get(reverse("admin:gift", args=[world.captured])).content.decode()
    for words in ("Promised", "Captured", "rahim@example.org", "Bank was asked: hold the amount", "Refund"):
        assert words in page, words


def refund(browser: Client, world: World, amount: str, token: str | None = None, **more: str) -> tuple[int, str]:
    url = reverse("admin:gift-refund", args=[world.captured])
    token = token or token_on(browser.get(url).content)
    answer = browser.post(url, {"token": token, "amount": amount, "reason": "Asked by the donor", **more})
    return answer.status_code, token


def test_refund_asks_before_it_acts_and_acts_once(world: World, alice: Actor) -> None:
    browser = browser_of(alice)

    status, token = refund(browser, world, "200")
    assert status == 200
    assert db.rows("SELECT * FROM pledges_refund") == []
    for _ in range(3):  # a double click, and back and again
        assert refund(browser, world, "200", token, confirmed="yes")[0] == 302

    assert [row["amount"] for row in db.rows("SELECT amount FROM pledges_refund")] == [200_00]
    lines = accounts.list_actions(subject_id=world.captured, action="pledge.refund")
    assert [line.actor_id for line in lines] == [alice.user_id]
    page = browser.get(reverse("admin:gift", args=[world.captured])).content.decode()
    assert "Alice Manager" in page
    assert "Asked by the donor" in page


def test_refund_keeps_what_was_typed_and_refuses_too_much(world: World, alice: Actor) -> None:
    browser = browser_of(alice)
    url = reverse("admin:gift-refund", args=[world.captured])
    for amount in ("501", "0", "-5", "many", "0.001", "1e400"):
        answer = browser.post(url, {"token": token_on(browser.get(url).content), "amount": amount, "reason": "Why"})
        assert answer.status_code == 422, amount
        assert b'value="Why"' in answer.content
    # Past the form: pledges refuses what the page did not ask about.
    refund(browser, world, "501", confirmed="yes")
    refund(browser, world, "400", confirmed="yes")
    refund(browser, world, "400", confirmed="yes")
    assert [row["amount"] for row in db.rows("SELECT amount FROM pledges_refund")] == [400_00]


def test_capture_and_cancellation_ask_first_and_leave_one_line_each(world: World, alice: Actor) -> None:
    browser = browser_of(alice)
    db.execute(
        "UPDATE payments_payment SET status = 'authorized', hold = 'h', check_at = NULL WHERE reference = %s",
        [world.authorized],
    )
    url = reverse("admin:gift-capture", args=[world.authorized])
    token = token_on(browser.get(url).content)
    assert browser.post(url, {"token": "no"}).status_code == 422
    for _ in range(2):
        assert browser.post(url, {"token": token}).status_code == 302
    assert len(accounts.list_actions(subject_id=world.authorized, action="pledge.capture")) == 1
    assert (
        db.rows("SELECT requested FROM pledges_pledge WHERE id = %s", [world.authorized])[0]["requested"] == "capture"
    )
    # Asked to be captured, it cannot be cancelled any more; the page says so and nothing is written down.
    url = reverse("admin:gift-cancellation", args=[world.authorized])
    answer = browser.post(url, {"token": token_on(browser.get(url).content)}, follow=True)
    assert "note--error" in answer.content.decode()
    assert accounts.list_actions(subject_id=world.authorized, action="pledge.cancel") == []
