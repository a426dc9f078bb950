"""A guest asked the team and went away: a letter leads back to the answer, once per silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from apps.campaigns import interface as campaigns
from apps.chat import interface as chat
from apps.notifications.services.letters.answers import PATIENCE
from apps.notifications.services.send_letters import send_letters
from apps.outbox import interface as outbox
from apps.platform import clock, db
from apps.platform.actors import Actor
from tests.chat.support import ask_the_team, visitor, write
from tests.pledges.support import open_campaign

pytestmark = pytest.mark.django_db
Letters = Callable[[], list[Any]]


@pytest.fixture
def campaign(alice: Actor) -> campaigns.Campaign:
    made = open_campaign(alice)
    outbox.drain()
    send_letters()
    return made


@pytest.fixture
def letters(mailoutbox: list[Any]) -> Letters:
    """What has been sent to guests since it was last asked, all that was due by then."""

    def sent(wait: timedelta = PATIENCE) -> list[Any]:
        mailoutbox.clear()
        outbox.drain()
        with clock.use(clock.FrozenClock(clock.now() + wait)):
            send_letters()
        return [mail for mail in mailoutbox if mail.to == ["guest@example.org"]]

    return sent


def read(room: UUID, key: str) -> None:
    assert Client().get(f"/support/{key}/").status_code == 200


def test_an_answer_brings_the_guest_back_once_per_silence(
    campaign: campaigns.Campaign, alice: Actor, letters: Letters
) -> None:
    room, key = ask_the_team(campaign, language="bn")
    chat.post_message(room_id=room, visitor=visitor(key=key), client_id="q", message="Where is my gift?")
    assert letters() == [], "one's own words are no news"
    write(room, alice, "In the warehouse of Kurigram.")
    assert letters(timedelta()) == [], "who is looking needs no letter"
    [mail] = letters()
    for part in (mail.body, mail.alternatives[0][0]):
        assert f"{settings.PUBLIC_URL}/support/{key}/" in part
        assert "Gulshan Guest" in part
        assert "warehouse" not in part, "what was said stays in the room"
    assert campaign.title in mail.subject
    assert 'lang="bn"' in mail.alternatives[0][0]
    write(room, alice, "Leaving tomorrow.")
    assert letters() == [], "one letter for all that waits"
    read(room, key)
    write(room, alice, "It has arrived.")
    assert len(letters()) == 1, "a new silence"
    stored = str(db.rows("SELECT letter::text FROM notifications_letter AS letter WHERE kind = 'answer'"))
    assert "guest@" not in stored
    assert key not in stored


def test_who_has_read_in_time_gets_none(campaign: campaigns.Campaign, alice: Actor, letters: Letters) -> None:
    room, key = ask_the_team(campaign)
    write(room, alice, "Hello")
    outbox.drain()
    read(room, key)
    assert letters() == []
    assert db.rows("SELECT status FROM notifications_letter WHERE kind = 'answer'") == [{"status": "dropped"}]


def test_an_answer_that_was_taken_back_is_none(campaign: campaigns.Campaign, alice: Actor, letters: Letters) -> None:
    room, _ = ask_the_team(campaign)
    first = write(room, alice, "Wrong room")
    second = write(room, alice, "Also wrong")
    outbox.drain()
    chat.remove_message(room_id=room, visitor=visitor(alice), message_id=first.id)
    chat.remove_message(room_id=room, visitor=visitor(alice), message_id=second.id)
    assert letters() == []
    write(room, alice, "The right one")
    assert len(letters()) == 1


def test_one_click_ends_them_for_this_gift_alone(campaign: campaigns.Campaign, alice: Actor, letters: Letters) -> None:
    (room, key), (other, _) = ask_the_team(campaign), ask_the_team(campaign)
    write(room, alice, "Hello")
    [mail] = letters()
    assert mail.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail.message()["List-Unsubscribe"].strip("<>").removeprefix(settings.PUBLIC_URL)
    page = Client(enforce_csrf_checks=True)
    assert page.get(link).status_code == 200
    read(room, key)
    write(room, alice, "Looking alone changes nothing")
    assert len(letters()) == 1
    for _ in range(2):
        assert page.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    read(room, key)
    write(room, alice, "Not by letter")
    write(other, alice, "The other gift")
    [mail] = letters()
    assert key not in mail.body


def test_people_with_an_account_hear_by_their_inbox_and_the_erased_not_at_all(
    campaign: campaigns.Campaign, alice: Actor, bob: Actor, letters: Letters, mailoutbox: list[Any]
) -> None:
    bobs, _ = ask_the_team(campaign, donor_id=bob.user_id, donor_email="bob@example.org")
    guests, _ = ask_the_team(campaign)
    write(bobs, alice, "Hello Bob")
    write(guests, alice, "Hello guest")
    db.execute("DELETE FROM pledges_donor WHERE email = 'guest@example.org'")
    assert letters() == []
    assert [mail.to for mail in mailoutbox] == [["bob@example.org"]]
    kinds = db.rows("SELECT kind, status FROM notifications_letter WHERE kind = 'answer'")
    assert kinds == [{"kind": "answer", "status": "dropped"}]
