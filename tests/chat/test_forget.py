"""Being forgotten: what an erased person wrote is a tombstone for everyone, and the rooms stay whole."""

from __future__ import annotations

import pytest

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.chat import interface as chat
from apps.outbox import interface as outbox
from apps.platform import db
from apps.platform.actors import Actor
from apps.platform.audits import checks
from tests.conftest import PASSWORD

from .support import ask_the_team, room_of, texts, visitor, write

pytestmark = pytest.mark.django_db


def erase(actor: Actor) -> None:
    assert actor.user_id
    accounts.erase_account(user_id=actor.user_id, password=PASSWORD)
    outbox.drain()
    outbox.drain()


def test_what_an_erased_person_wrote_ends_as_tombstones_in_every_room(
    campaign: campaigns.Campaign, alice: Actor, bob: Actor, charlie: Actor
) -> None:
    public = room_of(campaign).room.id
    support, key = ask_the_team(campaign, donor_id=bob.user_id, donor_email="bob@example.org", donor_name="Bob Donor")
    first = write(public, bob, "I am Bob Donor")
    write(public, charlie, "Welcome", reply_to=first.id)
    write(public, bob, "Call me @Charlie")
    write(support, bob, "My number is 01711")
    write(support, bob, "By the link", key=key)
    guests = chat.post_message(room_id=support, visitor=visitor(key=key), client_id="g", message="Also from Bob")
    assert guests.author.side == "guest"
    write(support, alice, "Thank you")
    chat.mark_read(room_id=support, visitor=visitor(bob), up_to=guests.id)
    chat.report_message(room_id=public, visitor=visitor(charlie), message_id=first.id, reason="Bob again")
    chat.mute(room_id=public, visitor=visitor(alice), message_id=first.id, minutes=5)
    seen = {room: chat.enter(name=name, visitor=visitor(alice)).room.version for room, name in rooms(public, support)}
    assert len(chat.own_messages(user_id=bob.user_id)) == 4  # type: ignore[arg-type]

    erase(bob)

    assert texts(public) == ["", "Welcome", ""]
    assert texts(support) == ["", "", "", "Thank you"]
    changes = chat.read_changes(after=seen)
    assert [(each.seq, each.is_removed) for each in changes[public].messages] == [(1, True), (3, True)]
    assert [each.seq for each in changes[support].messages] == [1, 2, 3], "sockets are told, in order"
    history = chat.read_history(place=chat.enter(name=f"support:{support}", visitor=visitor(alice)))
    assert {each.author.name for each in history.messages} == {"", "Alice Manager"}
    assert not any(each.mentions for each in history.messages)
    desk = chat.read_desk(place=room_of(campaign, alice))
    assert (desk.reports, desk.restrictions) == ((), ())
    left = "SELECT (SELECT count(*) FROM chat_readmark) AS marks, (SELECT max(reason) FROM chat_report) AS reason"
    assert db.rows(left) == [{"marks": 0, "reason": ""}]
    assert all(db.rows(check.sql) == [] for check in checks() if "chat_" in check.sql)
    assert chat.own_messages(user_id=bob.user_id) == []  # type: ignore[arg-type]


def test_others_stay_and_a_repeat_changes_nothing(campaign: campaigns.Campaign, bob: Actor, charlie: Actor) -> None:
    """The control."""
    room = room_of(campaign).room.id
    write(room, charlie, "I stay")
    write(room, bob, "I go")
    erase(bob)
    version = room_of(campaign).room.version
    again = "UPDATE outbox_delivery SET done_at = NULL WHERE subscription = 'chat.forget_people'"
    assert db.execute(again) == 1
    outbox.drain()
    assert texts(room) == ["I stay", ""]
    assert room_of(campaign).room.version == version


def rooms(public: object, support: object) -> list[tuple[object, str]]:
    name = db.rows("SELECT campaign_id FROM chat_room WHERE id = %s", [public])[0]["campaign_id"]
    return [(public, f"campaign:{name}"), (support, f"support:{support}")]
