"""The team's tools, each with its line in the trail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.chat import errors
from apps.chat import interface as chat
from apps.chat.services.words import holds_any
from apps.outbox.models import StoredEvent
from apps.platform import clock
from apps.platform.actors import Actor
from apps.platform.clock import FrozenClock

from .support import room_of, visitor, write

pytestmark = pytest.mark.django_db


def trail(place: chat.Place) -> list[tuple[str, str, str]]:
    return [(line.action, line.by_name, line.person_name) for line in chat.read_desk(place=place).trail]


def test_a_muted_person_writes_again_when_the_time_is_over(
    campaign: campaigns.Campaign, alice: Actor, bob: Actor
) -> None:
    place = room_of(campaign, alice)
    message = write(place.room.id, bob)
    with clock.use(FrozenClock(clock.now())) as time:
        chat.mute(room_id=place.room.id, visitor=visitor(alice), message_id=message.id, minutes=10, reason="heat")
        with pytest.raises(errors.Muted):
            write(place.room.id, bob)
        with pytest.raises(errors.Muted):
            chat.edit_message(room_id=place.room.id, visitor=visitor(bob), message_id=message.id, message="x")
        time.forward(timedelta(minutes=11))  # type: ignore[attr-defined]
        write(place.room.id, bob)
    assert trail(place) == [("mute", "Alice Manager", "Bob Donor")]


def test_a_ban_stays_until_it_is_lifted(campaign: campaigns.Campaign, alice: Actor, bob: Actor, sam: Actor) -> None:
    place = room_of(campaign, alice)
    message = write(place.room.id, bob)
    assert bob.user_id
    chat.ban(room_id=place.room.id, visitor=visitor(sam), message_id=message.id)
    with pytest.raises(errors.Banned):
        write(place.room.id, bob)
    assert [(held.kind, held.person.name) for held in chat.read_desk(place=place).restrictions] == [
        ("ban", "Bob Donor")
    ]
    for _ in range(2):
        chat.lift(room_id=place.room.id, visitor=visitor(alice), person_id=bob.user_id, kind="ban")
    write(place.room.id, bob)
    assert trail(place) == [("unban", "Alice Manager", "Bob Donor"), ("ban", "Sam Staff", "Bob Donor")]
    recorded = [each.action for each in accounts.list_actions() if each.action.startswith("chat.")]
    assert sorted(recorded) == ["chat.ban", "chat.unban"]


def test_the_team_cannot_be_held_back(campaign: campaigns.Campaign, alice: Actor, sam: Actor) -> None:
    room = room_of(campaign).room
    message = write(room.id, alice)
    with pytest.raises(errors.Forbidden):
        chat.ban(room_id=room.id, visitor=visitor(sam), message_id=message.id)


def test_slow_mode_slows_everyone_but_the_team(campaign: campaigns.Campaign, alice: Actor, bob: Actor) -> None:
    place = room_of(campaign, alice)
    chat.set_pace(room_id=place.room.id, visitor=visitor(alice), seconds=30)
    with clock.use(FrozenClock(clock.now())) as time:
        write(place.room.id, bob)
        with pytest.raises(errors.SlowMode) as refused:
            write(place.room.id, bob)
        assert refused.value.retry_after == 31
        for _ in range(3):
            write(place.room.id, alice)
        time.forward(timedelta(seconds=30))  # type: ignore[attr-defined]
        write(place.room.id, bob)
    assert trail(place) == [("slow", "Alice Manager", "")]


def test_reports_wait_for_the_team_until_it_keeps_or_removes(
    campaign: campaigns.Campaign, alice: Actor, bob: Actor, charlie: Actor
) -> None:
    place = room_of(campaign, alice)
    bad, good = write(place.room.id, bob, "bad"), write(place.room.id, bob, "good")
    for reporter in (charlie, charlie, alice):
        chat.report_message(room_id=place.room.id, visitor=visitor(reporter), message_id=bad.id, reason="rude")
    chat.report_message(room_id=place.room.id, visitor=visitor(charlie), message_id=good.id)
    desk = chat.read_desk(place=place)
    assert [(each.message.text, each.number, each.reason) for each in desk.reports] == [
        ("bad", 2, "rude"),
        ("good", 1, ""),
    ]
    assert StoredEvent.objects.filter(type="chat.reported").count() == 2
    chat.remove_message(room_id=place.room.id, visitor=visitor(alice), message_id=bad.id, reason="rude")
    chat.close_reports(room_id=place.room.id, visitor=visitor(alice), message_id=good.id)
    assert chat.read_desk(place=place).reports == ()
    assert [line[0] for line in trail(place)] == ["keep", "remove"]


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("What a SCAM!", True),
        ("s\u200bcam", True),
        ("ｓｃａｍ", True),
        ("scám", True),
        ("scampi", False),
        ("বাজে কথা", True),
        ("বাজেট", False),
        ("nothing", False),
    ],
)
def test_the_filter_finds_words_however_they_are_dressed(text: str, caught: bool) -> None:
    assert holds_any(text, ["scam", "বাজে", " "]) is caught


def test_a_blocked_word_is_refused_and_the_list_is_the_teams(
    campaign: campaigns.Campaign, alice: Actor, bob: Actor
) -> None:
    room = room_of(campaign).room
    chat.set_blocked_words(room_id=room.id, visitor=visitor(alice), words=["scam", "scam", " "])
    with pytest.raises(errors.TextRefused):
        write(room.id, bob, "a scam")
    message = write(room.id, bob, "fine")
    with pytest.raises(errors.TextRefused):
        chat.edit_message(room_id=room.id, visitor=visitor(bob), message_id=message.id, message="a scam")
    write(room.id, alice, "the word is scam")
    for wrong in (["x" * 41], ["\x00"], [str(n) for n in range(201)]):
        with pytest.raises(errors.Invalid):
            chat.set_blocked_words(room_id=room.id, visitor=visitor(alice), words=wrong)
