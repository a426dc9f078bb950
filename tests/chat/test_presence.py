"""Who is there, over all processes, and no longer than half a minute after a process died."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.campaigns import interface as campaigns
from apps.chat import interface as chat
from apps.chat.interface import NOBODY
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.clock import FrozenClock
from apps.platform.ids import new_id

from .support import room_of

pytestmark = pytest.mark.django_db


def test_people_count_once_over_processes_and_the_dead_do_not_count(
    campaign: campaigns.Campaign, bob: Actor, charlie: Actor
) -> None:
    room = room_of(campaign).room
    one, two = new_id(), new_id()
    assert bob.user_id
    assert charlie.user_id
    place = room_of(campaign, charlie)
    assert place.person

    def online() -> int:
        return chat.read_presence(room_ids=[room.id])[room.id].online

    with clock.use(FrozenClock(clock.now())) as time:
        chat.note_attendance(process_id=one, attendance={(room.id, NOBODY, ""): 5, (room.id, bob.user_id, "public"): 2})
        chat.note_attendance(
            process_id=two,
            attendance={
                (room.id, NOBODY, ""): 3,
                (room.id, bob.user_id, "public"): 1,
                (room.id, charlie.user_id, "public"): 1,
            },
        )
        assert online() == 10
        chat.note_typing(process_id=two, room_id=room.id, person=place.person)
        assert [each.name for each in chat.read_presence(room_ids=[room.id])[room.id].typing] == ["Charlie Other"]
        time.forward(timedelta(seconds=20))  # type: ignore[attr-defined]
        chat.stay_alive(process_id=one)
        assert online() == 10
        time.forward(timedelta(seconds=20))  # type: ignore[attr-defined]
        assert online() == 6, "process two has died"
        assert chat.read_presence(room_ids=[room.id])[room.id].typing == ()
        chat.note_attendance(process_id=one, attendance={(room.id, NOBODY, ""): 0})
        assert online() == 1
        time.forward(timedelta(minutes=2))  # type: ignore[attr-defined]
        chat.forget_dead_processes()
    assert db.rows("SELECT * FROM chat_presence") == db.rows("SELECT * FROM chat_liveprocess") == []
