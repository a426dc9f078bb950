"""Each room x each kind of caller: what they may, and that nothing else is told apart from a room that is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.campaigns import interface as campaigns
from apps.chat import errors
from apps.chat import interface as chat
from apps.platform.actors import ANONYMOUS, Actor
from apps.platform.errors import Refused
from apps.platform.ids import new_id
from tests.campaigns.support import draft_of
from tests.pledges.support import open_campaign

from .support import ask_the_team, room_of, visitor, write

pytestmark = pytest.mark.django_db
PUBLIC, HIDDEN = "public", "hidden"

# caller: (campaign's room, support room of a guest, support room of Bob's gift): the side they stand on
STANDING = {
    "nobody": ("reader", HIDDEN, HIDDEN),
    "guest with the link": ("reader", "guest", HIDDEN),
    "charlie": (PUBLIC, HIDDEN, HIDDEN),
    "bob": (PUBLIC, HIDDEN, "donor"),
    "alice": ("team", "team", "team"),
    "sam": ("staff", "staff", "staff"),
}


@pytest.mark.parametrize("caller", STANDING)
def test_standing(
    campaign: campaigns.Campaign, alice: Actor, bob: Actor, charlie: Actor, sam: Actor, caller: str
) -> None:
    guests, key = ask_the_team(campaign)
    bobs, _ = ask_the_team(campaign, donor_id=bob.user_id, donor_email="bob@example.org")
    cast = {"alice": alice, "bob": bob, "charlie": charlie, "sam": sam}
    who = visitor(cast.get(caller, ANONYMOUS), key if caller == "guest with the link" else "")
    names = [f"campaign:{campaign.id}", f"support:{guests}", f"support:{bobs}"]
    for name, side in zip(names, STANDING[caller], strict=True):
        if side == HIDDEN:
            with pytest.raises(errors.RoomNotFound):
                chat.enter(name=name, visitor=who)
            with pytest.raises(errors.RoomNotFound):
                write(UUID(name.partition(":")[2]), who.actor, key=who.key)
            continue
        place = chat.enter(name=name, visitor=who)
        assert (place.person.side if place.person else "reader") == side
        if side == "reader":
            with pytest.raises(errors.NotSignedIn):
                write(place.room.id, who.actor, key=who.key)
        else:
            assert write(place.room.id, who.actor, key=who.key).author.side == side
        for act in team_acts(place.room.id, uuid4()):
            with pytest.raises(Refused) as refused:
                act(who)
            allowed = side in ("team", "staff")
            assert (refused.value.code == "unknown-message") is allowed or side == "reader"
            assert allowed or refused.value.code in ("forbidden", "unknown-message", "not-authenticated")


def team_acts(room_id: UUID, message_id: UUID) -> list[Callable[[chat.Visitor], Any]]:
    return [
        lambda who: chat.mute(room_id=room_id, visitor=who, message_id=message_id, minutes=5),
        lambda who: chat.ban(room_id=room_id, visitor=who, message_id=message_id),
    ]


def test_only_the_team_moderates(campaign: campaigns.Campaign, bob: Actor, charlie: Actor) -> None:
    place = room_of(campaign, bob)
    message = write(place.room.id, charlie)
    here: dict[str, Any] = {"room_id": place.room.id, "visitor": visitor(bob)}
    for act in (
        lambda: chat.mute(**here, message_id=message.id, minutes=5),
        lambda: chat.ban(**here, message_id=message.id),
        lambda: chat.lift(**here, person_id=charlie.user_id, kind="ban"),
        lambda: chat.set_pace(**here, seconds=10),
        lambda: chat.set_blocked_words(**here, words=["x"]),
        lambda: chat.close_reports(**here, message_id=message.id),
        lambda: chat.remove_message(**here, message_id=message.id),
        lambda: chat.read_desk(place=place),
    ):
        with pytest.raises(errors.Forbidden):
            act()
    assert [each.text for each in chat.read_history(place=place).messages] == ["Hello"]


def test_another_campaigns_manager_is_not_the_team(campaign: campaigns.Campaign, charlie: Actor) -> None:
    open_campaign(charlie, title="Charlie's own")
    assert not room_of(campaign, charlie).is_team


def test_a_drafts_room_is_its_teams_alone(alice: Actor, bob: Actor, sam: Actor) -> None:
    draft = draft_of(alice)
    for stranger in (ANONYMOUS, bob):
        with pytest.raises(errors.RoomNotFound):
            room_of(draft, stranger)
    assert room_of(draft, alice).is_team
    assert room_of(draft, sam).is_team


@pytest.mark.parametrize(
    "name", ["", "campaign", "campaign:", "campaign:x", "user:1", "support:" + "9" * 500, "campaign:\x00"]
)
def test_names_that_are_none_are_unknown(db: None, name: str) -> None:
    with pytest.raises(errors.RoomNotFound):
        chat.enter(name=name, visitor=visitor())


def test_a_key_opens_its_room_alone_and_is_not_stored(campaign: campaigns.Campaign) -> None:
    (one, key), (two, _) = ask_the_team(campaign), ask_the_team(campaign)
    assert one != two
    assert len(key) == 32
    with pytest.raises(errors.RoomNotFound):
        chat.enter(name=f"support:{two}", visitor=visitor(key=key))
    for wrong in ("", "x", key[:-1], key[:-1] + "é"):
        with pytest.raises(errors.RoomNotFound):
            chat.find_support_room(key=wrong)


def test_messages_of_another_room_are_unknown(campaign: campaigns.Campaign, alice: Actor, bob: Actor) -> None:
    other = room_of(open_campaign(alice, title="Other"), bob).room
    message = write(other.id, bob)
    place = room_of(campaign, bob)
    here: dict[str, Any] = {"room_id": place.room.id, "visitor": visitor(bob)}
    for act in (
        lambda: chat.edit_message(**here, message_id=message.id, message="x"),
        lambda: chat.remove_message(**here, message_id=message.id),
        lambda: chat.mark_read(**here, up_to=message.id),
        lambda: chat.report_message(**here, message_id=message.id),
        lambda: write(place.room.id, bob, reply_to=message.id),
        lambda: write(place.room.id, bob, reply_to=new_id()),
    ):
        with pytest.raises(errors.MessageNotFound):
            act()
    assert chat.get_message(place=place, message_id=message.id) is None
