"""Writing, changing, removing, reading: numbered without gaps, never doubled, nothing missed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.test import override_settings

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.chat import errors
from apps.chat import interface as chat
from apps.notifications import interface as notifications
from apps.outbox import interface as outbox
from apps.outbox.models import StoredEvent
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.clock import FrozenClock
from tests.pledges.support import at_once, kinds

from .support import ask_the_team, room_of, texts, visitor, write

pytestmark = pytest.mark.django_db


def facts(kind: str) -> list[dict[str, object]]:
    return [each.payload for each in StoredEvent.objects.filter(type=kind).order_by("id")]


@pytest.mark.django_db(transaction=True)
def test_messages_are_numbered_without_gaps_by_many_writers_at_once(
    campaign: campaigns.Campaign, bob: Actor, charlie: Actor
) -> None:
    room = room_of(campaign).room
    results = at_once([partial(write, room.id, (bob, charlie)[n % 2], f"m{n}") for n in range(16)])
    assert kinds(results) == {"Message": 16}
    rows = db.rows("SELECT seq, version FROM chat_message WHERE room_id = %s ORDER BY seq", [room.id])
    assert [row["seq"] for row in rows] == list(range(1, 17))
    assert [row["version"] for row in rows] == list(range(1, 17))


@pytest.mark.django_db(transaction=True)
def test_a_retry_never_doubles_however_many_at_once(campaign: campaigns.Campaign, bob: Actor, charlie: Actor) -> None:
    room = room_of(campaign).room
    results = at_once([partial(write, room.id, bob, "once", client_id="c1") for _ in range(8)])
    assert kinds(results) == {"Message": 8}
    assert len({each.id for each in results if isinstance(each, chat.Message)}) == 1
    write(room.id, charlie, "mine", client_id="c1")
    assert texts(room.id) == ["once", "mine"], "another person's client_id is another one"


def test_history_leads_back_page_by_page_and_keeps_tombstones(campaign: campaigns.Campaign, bob: Actor) -> None:
    place = room_of(campaign, bob)
    written = [write(place.room.id, bob, f"m{n}") for n in range(1, 8)]
    chat.remove_message(room_id=place.room.id, visitor=visitor(bob), message_id=written[5].id)
    newest = chat.read_history(place=place, limit=3)
    assert [(each.seq, each.text, each.is_removed) for each in newest.messages] == [
        (5, "m5", False),
        (6, "", True),
        (7, "m7", False),
    ]
    older = chat.read_history(place=place, before=newest.before, limit=3)
    oldest = chat.read_history(place=place, before=older.before, limit=3)
    assert [each.seq for each in older.messages + oldest.messages] == [2, 3, 4, 1]
    assert oldest.before is None


def test_changes_bring_new_edited_and_removed_in_order_and_the_newest_form_only(
    campaign: campaigns.Campaign, bob: Actor
) -> None:
    place = room_of(campaign, bob)
    one, two = write(place.room.id, bob, "one"), write(place.room.id, bob, "two")
    version = chat.read_history(place=place).version
    chat.edit_message(room_id=place.room.id, visitor=visitor(bob), message_id=one.id, message="one, better")
    chat.edit_message(room_id=place.room.id, visitor=visitor(bob), message_id=one.id, message="one, best")
    chat.remove_message(room_id=place.room.id, visitor=visitor(bob), message_id=two.id)
    three = write(place.room.id, bob, "three", reply_to=one.id)
    chat.mark_read(room_id=place.room.id, visitor=visitor(bob), up_to=three.id)
    changes = chat.read_changes(after={place.room.id: version})[place.room.id]
    assert [(each.seq, each.text) for each in changes.messages] == [(1, "one, best"), (2, ""), (3, "three")]
    assert changes.messages[0].edited_at
    assert changes.messages[2].reply_to == one.id
    assert [mark.up_to for mark in changes.reads] == [three.id]
    assert chat.read_changes(after={place.room.id: changes.version}) == {}


def test_unread_counts_what_others_wrote_and_marks_never_go_back(
    campaign: campaigns.Campaign, bob: Actor, charlie: Actor
) -> None:
    place = room_of(campaign, bob)
    first, last = write(place.room.id, charlie), write(place.room.id, charlie)
    write(place.room.id, bob)
    assert chat.unread(place=place) == 2
    assert chat.mark_read(room_id=place.room.id, visitor=visitor(bob), up_to=last.id)
    assert not chat.mark_read(room_id=place.room.id, visitor=visitor(bob), up_to=first.id)
    assert chat.unread(place=place) == 0
    write(place.room.id, charlie)
    assert chat.unread(place=place) == 1


def test_in_a_crowd_marks_are_kept_without_a_word(campaign: campaigns.Campaign, bob: Actor) -> None:
    place = room_of(campaign, bob)
    message = write(place.room.id, bob)
    db.execute(
        """INSERT INTO chat_readmark (room_id, person_id, side, seq, version)
           SELECT %s, gen_random_uuid(), 'public', 1, 1 FROM generate_series(1, 51)""",
        [place.room.id],
    )
    before = chat.read_history(place=place).version
    assert chat.mark_read(room_id=place.room.id, visitor=visitor(bob), up_to=message.id)
    assert chat.read_history(place=place).version == before
    assert chat.unread(place=place) == 0


@pytest.mark.parametrize(
    ("message", "refusal"),
    [
        ("", errors.TextEmpty),
        (" \n ", errors.TextEmpty),
        ("x" * 2001, errors.TextTooLong),
        ("x" * 100_000, errors.TextTooLong),
        ("a\x00b", errors.TextUnusable),
        ("a\u202eb", errors.TextUnusable),
    ],
)
def test_texts_that_cannot_be_kept_are_named(
    campaign: campaigns.Campaign, bob: Actor, message: str, refusal: type[Exception]
) -> None:
    room = room_of(campaign).room
    with pytest.raises(refusal):
        write(room.id, bob, message)
    assert texts(room.id) == []
    assert write(room.id, bob, "আ" * 2000).text == "আ" * 2000


def test_pace_holds_over_rows_and_a_retry_passes(campaign: campaigns.Campaign, bob: Actor) -> None:
    room = room_of(campaign).room
    with override_settings(RATE_LIMITS=True), clock.use(FrozenClock(clock.now())) as time:
        for n in range(8):
            write(room.id, bob, client_id=f"c{n}")
        with pytest.raises(errors.TooManyMessages) as refused:
            write(room.id, bob)
        assert refused.value.retry_after
        write(room.id, bob, client_id="c7")
        time.forward(timedelta(seconds=11))  # type: ignore[attr-defined]
        write(room.id, bob)
    assert len(texts(room.id)) == 9


def test_a_message_can_be_changed_for_a_quarter_of_an_hour_by_its_author_alone(
    campaign: campaigns.Campaign, alice: Actor, bob: Actor, charlie: Actor
) -> None:
    room = room_of(campaign).room
    with clock.use(FrozenClock(clock.now())) as time:
        message = write(room.id, bob)
        for stranger in (charlie, alice):
            with pytest.raises(errors.NotYours):
                chat.edit_message(room_id=room.id, visitor=visitor(stranger), message_id=message.id, message="x")
        time.forward(timedelta(minutes=16))  # type: ignore[attr-defined]
        with pytest.raises(errors.TooLateToEdit):
            chat.edit_message(room_id=room.id, visitor=visitor(bob), message_id=message.id, message="x")
    assert texts(room.id) == ["Hello"]


def test_mentions_reach_those_of_the_room_only(campaign: campaigns.Campaign, bob: Actor, charlie: Actor) -> None:
    room = room_of(campaign).room
    write(room.id, bob)
    message = write(room.id, charlie, "Thanks @bob donor and @Alice Manager, and @Sam Staff who never came")
    assert set(message.mentions) == {bob.user_id, campaign.manager_id}
    assert {fact["recipient_id"] for fact in facts("chat.mentioned")} == {str(bob.user_id), str(campaign.manager_id)}


def test_the_name_shown_is_the_accounts_and_follows_it(campaign: campaigns.Campaign, bob: Actor, sam: Actor) -> None:
    place = room_of(campaign, bob)
    assert bob.user_id
    write(place.room.id, bob)
    accounts.rename(user_id=bob.user_id, name="Robert")
    assert chat.read_history(place=place).messages[0].author.name == "Robert"
    accounts.deactivate(user_id=bob.user_id, by=sam)
    assert chat.read_history(place=place).messages[0].author.name == ""


def test_reading_costs_the_same_with_one_message_and_with_many(
    campaign: campaigns.Campaign, bob: Actor, charlie: Actor, django_assert_num_queries: object
) -> None:
    place = room_of(campaign, bob)
    write(place.room.id, bob)
    for _ in range(2):
        with django_assert_num_queries(3):  # type: ignore[operator]
            chat.read_history(place=place)
        write(place.room.id, charlie)
        write(place.room.id, bob)


def test_a_support_room_tells_the_other_side_once_until_it_reads(campaign: campaigns.Campaign, alice: Actor) -> None:
    room_id, key = ask_the_team(campaign)
    guest = visitor(key=key)
    last = [chat.post_message(room_id=room_id, visitor=guest, client_id=str(uuid4()), message="?") for _ in range(3)][
        -1
    ]
    (waiting,) = facts("chat.message_waiting")
    assert (waiting["recipient_id"], waiting["is_for_team"]) == (str(alice.user_id), True)
    assert [each.unread for each in chat.list_conversations(viewer=alice)] == [3]
    chat.mark_read(room_id=room_id, visitor=visitor(alice), up_to=last.id)
    assert [each.unread for each in chat.list_conversations(viewer=alice)] == [0]
    write(room_id, alice, "Soon.")
    chat.post_message(room_id=room_id, visitor=guest, client_id="again", message="Thanks")
    assert [fact["is_for_team"] for fact in facts("chat.message_waiting")] == [True, False, True]
    assert facts("chat.message_waiting")[1]["recipient_id"] is None
    outbox.drain()
    assert alice.user_id
    told = [entry.kind for entry in notifications.list_inbox(user_id=alice.user_id).results]
    assert told.count("question_waiting") == 2
