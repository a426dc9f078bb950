"""Chat's pages without JavaScript: forms write, loading again shows, and each address is for those alone whom it is for."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.campaigns import interface as campaigns
from apps.chat import interface as chat
from apps.platform import db
from apps.platform.actors import Actor
from apps.pledges import interface as pledges
from tests.conftest import PASSWORD
from tests.pledges.support import wish

from .support import room_of, texts, write

pytestmark = pytest.mark.django_db


def browser(name: str = "") -> Client:
    client = Client()
    assert not name or client.login(username=f"{name}@example.org", password=PASSWORD)
    return client


def body(response: Any) -> str:
    return str(response.content.decode())


def test_a_form_writes_once_and_its_page_shows_it(campaign: campaigns.Campaign, alice: Actor, bob: Actor) -> None:
    path = f"/campaigns/{campaign.slug}/chat/"
    assert "Sign in to write" in body(browser().get(path))
    client = browser("bob")
    for _ in range(2):
        sent = client.post(path, {"client_id": "c1", "text": "See https://example.org/a. <script>alert(1)</script>"})
        assert sent.status_code == 302
    shown = body(browser().get(path))
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 1
    assert '<a href="https://example.org/a" rel="nofollow ugc noopener noreferrer" target="_blank">' in shown
    assert "Bob Donor" in shown
    assert "bob@example.org" not in shown
    (message,) = chat.read_history(place=room_of(campaign)).messages
    client.post(path, {"client_id": "c2", "text": "changed", "edit": message.id})
    client.post(path, {"client_id": "c3", "text": "answer", "reply_to": message.id})
    assert texts(message.room_id) == ["changed", "answer"]
    refused = client.post(path, {"client_id": "c4", "text": "x" * 2001})
    assert refused.status_code == 400
    assert "x" * 2001 in body(refused), "what was typed is kept"
    assert browser().post(path, {"client_id": "c5", "text": "x"}).status_code == 401
    assert texts(message.room_id) == ["changed", "answer"]


def test_polling_tells_what_changed_behind_a_version(campaign: campaigns.Campaign, bob: Actor) -> None:
    path = f"/campaigns/{campaign.slug}/chat/messages.json"
    room = room_of(campaign).room
    assert browser().get(path).json() == {"version": 0, "messages": []}
    write(room.id, bob, "one")
    write(room.id, bob, "two")
    found = browser().get(path, {"after": 1}).json()
    assert (found["version"], [each["text"] for each in found["messages"]]) == (2, ["two"])
    assert browser().get(path, {"after": "x"}).status_code == 400
    assert browser().get("/campaigns/nothing/chat/messages.json").status_code == 404


def test_the_team_works_from_its_desk_and_nobody_else(
    campaign: campaigns.Campaign, alice: Actor, bob: Actor, charlie: Actor
) -> None:
    path = f"/campaigns/{campaign.slug}/chat/"
    room = room_of(campaign).room
    message = write(room.id, bob, "a scam")
    about = {"message_id": message.id, "from": "desk"}
    assert browser("charlie").post(path + "reports/", about | {"reason": "rude"}).status_code == 302
    acts = {
        "restrictions/": about | {"kind": "mute", "minutes": "60"},
        "desk/pace/": {"seconds": "30"},
        "desk/words/": {"words": "scam, fraud\nlie"},
        "removals/": about,
        "desk/kept/": about,
        "desk/releases/": {"person_id": bob.user_id, "kind": "mute"},
    }
    for act, data in acts.items():
        assert browser("charlie").post(path + act, data).status_code == 403, act
        assert browser().post(path + act, data).status_code in (401, 403), act
    assert browser("charlie").get(path + "desk/").status_code == 403
    team = browser("alice")
    assert "a scam" in body(team.get(path + "desk/"))
    for act, data in acts.items():
        assert team.post(path + act, data).status_code == 302, act
    shown = body(team.get(path + "desk/"))
    assert "lifted the mute of" in shown
    assert "Nothing was reported." in shown
    assert "Everyone who is signed in may write." in shown
    assert texts(room.id) == [""]
    assert db.rows("SELECT slow_seconds, blocked_words FROM chat_room") == [
        {"slow_seconds": 30, "blocked_words": ["fraud", "lie", "scam"]}
    ]
    for wrong in ({"seconds": "-1"}, {"seconds": "9999"}, {}):
        assert team.post(path + "desk/pace/", wrong).status_code == 400
    assert team.post(path + "removals/", {"message_id": "x"}).status_code == 404


def test_a_guest_asks_from_the_gifts_page_and_the_team_answers(
    campaign: campaigns.Campaign, alice: Actor, bob: Actor
) -> None:
    gift = pledges.make_pledge(new=wish(campaign.id))
    guest, path = browser(), f"/donations/{gift.tracking_token}/support/"
    assert path in body(guest.get(f"/donations/{gift.tracking_token}/"))
    asked = guest.post(path)
    assert guest.post(path).url == asked.url
    assert guest.post("/donations/wrong/support/").status_code == 404
    page = guest.get(asked.url)
    assert page.headers["Referrer-Policy"] == "same-origin"
    guest.post(asked.url, {"client_id": "c1", "text": "Where is it?"})
    team = browser("alice")
    listed = body(team.get(reverse("site:conversations")))
    assert "Gulshan Guest" in listed
    assert "1 new" in listed
    room_id = chat.find_support_room(key=asked.url.split("/")[2])
    answer = reverse("site:conversation", args=[room_id])
    assert "Where is it?" in body(team.get(answer))
    assert "1 new" not in body(team.get(reverse("site:conversations"))), "seen"
    team.post(answer, {"client_id": "c2", "text": "On its way."})
    assert "On its way." in body(guest.get(asked.url))
    assert guest.get(asked.url + "messages.json").json()["version"] > 1
    for stranger in (browser(), browser("bob")):
        assert stranger.get(answer).status_code == 404
        assert stranger.post(answer, {"client_id": "c3", "text": "x"}).status_code == 404
    assert browser().get(reverse("site:conversations")).status_code == 302
    assert "No conversations yet" in body(browser("bob").get(reverse("site:conversations")))
    assert guest.get("/support/wrong/").status_code == 404
