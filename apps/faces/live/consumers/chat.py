"""/ws/chat/{room}/: a campaign's room or a support room over a websocket."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from apps.chat import interface as chat
from apps.chat.interface import Person, Place, Visitor
from apps.platform.errors import Refused

from .. import chat_frames
from ..chat_frames import Edit, Read, Remove, Resume, Say, Typing
from ..database import ask
from ..frames import BadFrame
from ..outgoing import Frame
from ..rooms import rooms
from ..sign_in import query_value
from ..watch import Claim
from .base import LiveConsumer, SignedOut

Answer = TypeVar("Answer")
MISSED_MAX = 2_000
TYPING_SECONDS = 2.0


class ChatConsumer(LiveConsumer):
    """One socket in one room. Whether its visitor may do what a frame asks is asked anew for each frame."""

    kind = "chat"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.person: Person | None = None
        self.place: Place | None = None
        self.told_up_to: int | None = None
        self.early: list[tuple[int, Frame]] = []
        self.typed_at = 0.0
        await super().__call__(scope, receive, send)

    async def opened(self) -> None:
        name, self.key = self.scope["url_route"]["kwargs"]["room"], query_value(self.scope, "key")
        self.place = place = await ask(self._as_visitor, lambda who: chat.enter(name=name, visitor=who))
        self.person = place.person
        rooms.start()
        # Joined before the history is read, so nothing falls between; what comes twice is dropped by its version.
        online = rooms.join(place.room.id, place.room.version, self)
        history, unread = await ask(lambda: (chat.read_history(place=place), chat.unread(place=place)))
        await self.send_text(chat_frames.of_welcome(place, history, online=online, unread=unread))
        self.told_up_to = history.version
        early, self.early = self.early, []
        for version, frame in early:
            self.tell(version, frame)
        self.stand_on(Claim(self.identity, place.room.name, self.key))

    async def got(self, text: str | None) -> None:
        frame = chat_frames.read(text)
        place = self.place
        if place is None:  # refused at the door
            return
        room_id = place.room.id
        match frame:
            case Say():
                await self._say(place, frame)
            case Typing():
                await self._typing(place)
            case Read():
                if await self._do(lambda who: chat.mark_read(room_id=room_id, visitor=who, up_to=frame.up_to)):
                    rooms.look(room_id)
            case Edit():
                await self._do(
                    lambda who: chat.edit_message(room_id=room_id, visitor=who, message_id=frame.id, message=frame.text)
                )
                rooms.look(room_id)
            case Remove():
                await self._do(
                    lambda who: chat.remove_message(
                        room_id=room_id, visitor=who, message_id=frame.id, reason=frame.reason
                    )
                )
                rooms.look(room_id)
            case Resume():
                await self._resume(place, frame.after)

    def ended(self) -> None:
        if self.place is not None:
            rooms.leave(self.place.room.id, self)

    def error_frame(self, code: str, detail: str, **about: Any) -> str:
        return chat_frames.write("error", code=code, detail=detail, **about)

    def tell(self, version: int, frame: Frame) -> None:
        if self.told_up_to is None:
            self.early.append((version, frame))
        elif version > self.told_up_to:
            self.outgoing.offer(frame)

    def tell_now(self, frame: Frame) -> None:
        if self.told_up_to is not None:
            self.outgoing.offer(frame)

    async def _say(self, place: Place, frame: Say) -> None:
        try:
            async with self.outgoing.turn:  # the ack goes first, then the message like everyone's
                written = await self._do(
                    lambda who: chat.post_message(
                        room_id=place.room.id,
                        visitor=who,
                        client_id=frame.client_id,
                        message=frame.text,
                        reply_to=frame.reply_to,
                    )
                )
                await self.send_text(chat_frames.write("ack", client_id=frame.client_id, id=written.id))
        except SignedOut:
            raise
        except Refused as refused:
            about = {"retry_after": refused.retry_after} if refused.retry_after else {}
            await self.refuse(refused.code, refused.detail, None, client_id=frame.client_id[:64], **about)
        else:
            rooms.look(place.room.id)

    async def _typing(self, place: Place) -> None:
        person, now = self.person, time.monotonic()
        if person is None or now - self.typed_at < TYPING_SECONDS:
            return
        self.typed_at = now
        await ask(chat.note_typing, process_id=rooms.process_id, room_id=place.room.id, person=person)

    async def _resume(self, place: Place, after: int) -> None:
        up_to = self.told_up_to
        assert up_to is not None  # frames are read once the socket is open
        if not 0 <= after < 2**62 or up_to - after > MISSED_MAX:
            raise BadFrame("missed-too-much", "Too much has happened since. Load the page anew.")
        async with self.outgoing.turn:  # what happens meanwhile waits in the queue, so the missed comes first
            found = await ask(chat.read_changes, after={place.room.id: after}, up_to=up_to, limit=MISSED_MAX)
            if missed := found.get(place.room.id):
                told = [(each.version, chat_frames.of_message(each)) for each in missed.messages]
                if self.person:
                    told += [(each.version, chat_frames.of_read(each)) for each in missed.reads]
                for _, frame in sorted(told):
                    await self.send_text(frame)

    async def _do(self, command: Callable[[Visitor], Answer]) -> Answer:
        return await ask(self._as_visitor, command)

    def _as_visitor(self, command: Callable[[Visitor], Answer]) -> Answer:
        """Run a command as whoever this socket's visitor is at this moment. Blocks. Raises SignedOut."""
        if not self.identity.still_holds():
            raise SignedOut
        return command(Visitor(self.identity.actor(), self.key))
