"""Presence: each live process says who is there; what a dead process left counts no more once its life runs out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from apps.platform import clock, db

from ..data import NOBODY, Person
from ..gateway import poke

LIFE = timedelta(seconds=30)
TYPING = timedelta(seconds=6)
Attendance = Mapping[tuple[UUID, UUID, str], int]
"""How many sockets of this process there are by room, person (NOBODY for all readers together) and side."""

_LIVE = """
    INSERT INTO chat_liveprocess (id, alive_until) VALUES (%(process)s, %(until)s)
    ON CONFLICT (id) DO UPDATE SET alive_until = excluded.alive_until RETURNING xmax <> 0 AS was_known
"""
_SET = """
    INSERT INTO chat_presence (room_id, process_id, person_id, side, number)
    SELECT said.room, %(process)s, said.person, said.side, said.number
    FROM unnest(%(rooms)s::uuid[], %(people)s::uuid[], %(sides)s::text[], %(numbers)s::int[])
         AS said(room, person, side, number)
    WHERE said.number > 0
    ON CONFLICT (room_id, process_id, person_id) DO UPDATE SET number = excluded.number, side = excluded.side
"""
_UNSET = """
    DELETE FROM chat_presence USING unnest(%(rooms)s::uuid[], %(people)s::uuid[], %(numbers)s::int[])
         AS said(room, person, number)
    WHERE process_id = %(process)s AND room_id = said.room AND person_id = said.person AND said.number = 0
"""
_FORGET_PRESENCE = """
    DELETE FROM chat_presence USING chat_liveprocess AS process
    WHERE process.id = process_id AND process.alive_until < %s
"""
_TYPING = """
    UPDATE chat_presence SET typing_until = %(until)s
    WHERE process_id = %(process)s AND room_id = %(room)s AND person_id = %(person)s
"""


def stay_alive(*, process_id: UUID) -> bool:
    """Say that this process lives for another half minute; call it every ten seconds.

    False when it was not known any more: whatever it noted is gone, and has to be noted anew.
    """
    return bool(db.rows(_LIVE, {"process": process_id, "until": clock.now() + LIFE})[0]["was_known"])


def note_attendance(*, process_id: UUID, attendance: Attendance) -> None:
    """Set how many are there now, for the rooms and people named; 0 takes them out. Pokes the rooms. Two statements."""
    if not attendance:
        return
    keys = list(attendance)
    said = {
        "process": process_id,
        "rooms": [room for room, _, _ in keys],
        "people": [person for _, person, _ in keys],
        "sides": [side for _, _, side in keys],
        "numbers": list(attendance.values()),
    }
    stay_alive(process_id=process_id)
    db.execute(_UNSET, said)
    db.execute(_SET, said)
    for room_id in {room for room, _, _ in keys}:
        poke(room_id, who=True)


def note_typing(*, process_id: UUID, room_id: UUID, person: Person) -> None:
    """Show someone as writing for a few seconds. Does nothing for who is not there."""
    assert person.id != NOBODY
    params = {"process": process_id, "room": room_id, "person": person.id, "until": clock.now() + TYPING}
    if db.execute(_TYPING, params):
        poke(room_id, who=True)


def forget_dead_processes() -> int:
    """Delete what processes left that have not been heard of for a while. Returns how many processes."""
    before = clock.now() - LIFE
    db.execute(_FORGET_PRESENCE, [before])
    return db.execute("DELETE FROM chat_liveprocess WHERE alive_until < %s", [before])
