"""The chat rooms of this process: changes are read once a room and handed to every socket in it; who is here is told on."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from django import db

from apps.chat import interface as chat
from apps.chat.interface import NOBODY, Changes, Person, Presence
from apps.faces.shared.chat_bodies import user_body
from apps.platform.ids import new_id

from . import chat_frames
from .database import ask
from .lookout import PAUSE_AFTER_FAILURE_SECONDS, Lookout
from .outgoing import Frame

log = logging.getLogger(__name__)
PAGE = 500
BEAT_SECONDS, HEARTBEAT_SECONDS, TYPING_SECONDS = 0.25, 10.0, 2.0
Here = tuple[UUID, UUID, str]


class Follower(Protocol):
    """A socket in a room. `tell` drops what the socket was told with its history already."""

    person: Person | None

    def tell(self, version: int, frame: Frame) -> None: ...
    def tell_now(self, frame: Frame) -> None: ...


@dataclass
class _Room:
    version: int
    followers: set[Follower] = field(default_factory=set)
    new: set[Follower] = field(default_factory=set)
    online: int = 0
    typing_told: dict[UUID, float] = field(default_factory=dict)


class Rooms:
    """One a process. Starts with the first socket and runs as long as the process."""

    def __init__(self) -> None:
        self.process_id = new_id()
        self._rooms: dict[UUID, _Room] = {}
        self._changed: set[UUID] = set()
        self._who_changed: set[UUID] = set()
        self._attendance: dict[Here, int] = {}
        self._to_note: set[Here] = set()
        self._lookout: Lookout | None = None
        self._presence: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to follow rooms and to tell who is there. Repeating it does nothing."""
        self._lookout = self._lookout or Lookout(chat.channel(), self._heard, self._read_on)
        self._lookout.start()
        self._presence = self._presence or asyncio.create_task(self._keep_presence())

    def join(self, room_id: UUID, version: int, follower: Follower) -> int:
        """Hand on what changes behind `version`, or from where the room is followed already. Returns how many are known
        to be here, this one included."""
        room = self._rooms.setdefault(room_id, _Room(version))
        room.followers.add(follower)
        room.new.add(follower)
        self._count(room_id, follower, 1)
        return max(room.online, self._own(room_id))

    def leave(self, room_id: UUID, follower: Follower) -> None:
        room = self._rooms.get(room_id)
        if room is None or follower not in room.followers:
            return
        room.followers.discard(follower)
        room.new.discard(follower)
        self._count(room_id, follower, -1)
        if not room.followers:
            del self._rooms[room_id]

    def look(self, room_id: UUID) -> None:
        """Something was written here: look at once, without waiting for the poke to come back."""
        self._changed.add(room_id)
        if self._lookout:
            self._lookout.wake()

    def _count(self, room_id: UUID, follower: Follower, step: int) -> None:
        person = follower.person
        here = (room_id, person.id, person.side) if person else (room_id, NOBODY, "")
        self._attendance[here] = self._attendance.get(here, 0) + step
        self._to_note.add(here)

    def _own(self, room_id: UUID) -> int:
        here = {key: number for key, number in self._attendance.items() if key[0] == room_id}
        return sum(number if person == NOBODY else min(number, 1) for (_, person, _), number in here.items())

    def _heard(self, poked: bytes | None) -> None:
        if poked is None:
            self._changed |= self._rooms.keys()
            self._who_changed |= self._rooms.keys()
            return
        try:
            room_id, is_about_who = chat.read_poke(poked)
        except ValueError:  # somebody else's line
            return
        if room_id in self._rooms:
            (self._who_changed if is_about_who else self._changed).add(room_id)

    async def _read_on(self) -> None:
        wanted, self._changed = self._changed, set()
        while after := {room_id: self._rooms[room_id].version for room_id in wanted if room_id in self._rooms}:
            changes = await ask(chat.read_changes, after=after, limit=PAGE)
            for room_id, changed in changes.items():
                if room := self._rooms.get(room_id):
                    await self._hand_out(room, changed)
            if sum(len(each.messages) + len(each.reads) for each in changes.values()) < PAGE:
                return

    async def _hand_out(self, room: _Room, changed: Changes) -> None:
        frames = [(each.version, Frame(chat_frames.of_message(each)), False) for each in changed.messages]
        frames += [(each.version, Frame(chat_frames.of_read(each)), True) for each in changed.reads]
        for version, frame, for_known in sorted(frames, key=lambda each: each[0]):
            if version <= room.version:
                continue
            for follower in room.followers:
                if not for_known or follower.person:  # who reads is told to those alone who may write
                    follower.tell(version, frame)
            room.version = version
            await asyncio.sleep(0)  # let sockets be served between two frames

    async def _keep_presence(self) -> None:
        next_heartbeat = 0.0
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                if time.monotonic() >= next_heartbeat and (self._rooms or self._to_note):
                    next_heartbeat = time.monotonic() + HEARTBEAT_SECONDS
                    if not await ask(chat.stay_alive, process_id=self.process_id):
                        self._to_note |= self._attendance.keys()
                    self._who_changed |= self._rooms.keys()
                await self._note_attendance()
                await self._tell_who()
            except db.Error as error:
                log.warning("presence cannot be kept", extra={"error": type(error).__name__})
                await asyncio.sleep(PAUSE_AFTER_FAILURE_SECONDS)
            except Exception:  # a defect here must not freeze who is there for good
                log.exception("presence cannot be kept")
                await asyncio.sleep(PAUSE_AFTER_FAILURE_SECONDS)

    async def _note_attendance(self) -> None:
        noting = {here: self._attendance.get(here, 0) for here in self._to_note}
        if not noting:
            return
        await ask(chat.note_attendance, process_id=self.process_id, attendance=noting)
        for here, number in noting.items():
            if self._attendance.get(here, 0) == number:
                self._to_note.discard(here)
                if number == 0:
                    self._attendance.pop(here, None)
        self._who_changed |= {room_id for room_id, _, _ in noting}

    async def _tell_who(self) -> None:
        wanted = [room_id for room_id in self._who_changed if room_id in self._rooms]
        self._who_changed.clear()
        present = await ask(chat.read_presence, room_ids=wanted) if wanted else {}
        for room_id, presence in present.items():
            if room := self._rooms.get(room_id):
                self._tell_room(room, presence)

    def _tell_room(self, room: _Room, presence: Presence) -> None:
        to_tell = room.followers if room.online != presence.online else room.new  # a welcome's number is a guess
        room.online, room.new = presence.online, set()
        frame = Frame(chat_frames.write("presence", online=presence.online))
        for follower in to_tell:
            follower.tell_now(frame)
        now = time.monotonic()
        room.typing_told = {who: at for who, at in room.typing_told.items() if now - at < TYPING_SECONDS}
        for person in presence.typing:
            if person.id not in room.typing_told:
                room.typing_told[person.id] = now
                frame = Frame(chat_frames.write("typing", user=user_body(person)))
                for follower in room.followers:
                    if follower.person is None or follower.person.id != person.id:
                        follower.tell_now(frame)


rooms = Rooms()
