"""The feed of this process: rows are read once, after the last number seen, and handed to every socket that follows.

Channels' groups are not used on purpose: `group_send` costs 120-230 microseconds of Python a socket, this loop ten.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from apps.notifications import interface as notifications
from apps.notifications.interface import BEGINNING, PLATFORM, Entry
from apps.platform import tracing

from . import frames
from .database import ask
from .lookout import Lookout
from .outgoing import Frame, Outgoing

PAGE = 500


class Feed:
    """Everything up to `position` has been handed out. Starts with the first socket and runs as long as the process."""

    def __init__(self) -> None:
        self.position = BEGINNING
        self._followers: dict[str, set[Outgoing]] = {}
        self._lookout: Lookout | None = None
        self._starting = asyncio.Lock()

    async def start(self) -> None:
        """Find the end of the feed and begin to follow it. Repeating it does nothing. Raises django.db.Error."""
        if self._lookout:
            return
        async with self._starting:
            if self._lookout is None:
                self.position = await ask(notifications.latest_position)
                self._lookout = Lookout(notifications.channel(), lambda _: None, self._read_on)
                self._lookout.start()

    def join(self, follower: Outgoing, topics: Iterable[str]) -> None:
        for topic in topics:
            self._followers.setdefault(topic, set()).add(follower)

    def leave(self, follower: Outgoing, topics: Iterable[str]) -> None:
        for topic in topics:
            if followers := self._followers.get(topic):
                followers.discard(follower)
                if not followers:
                    del self._followers[topic]

    async def _read_on(self) -> None:
        while entries := await ask(notifications.read_feed, after=self.position.seq, limit=PAGE):
            for entry in entries:
                self._hand_out(entry)
                self.position = notifications.Position(entry.id, entry.seq)
                await asyncio.sleep(0)  # let sockets be served between two entries

    def _hand_out(self, entry: Entry) -> None:
        everyone = self._followers.get(PLATFORM, set())
        some = self._followers.get(entry.topic, set())
        if not everyone and not some:
            return
        frame = Frame(frames.of_entry(entry))
        with tracing.station("live.frames", {entry.pledge_id: ""} if entry.pledge_id else {}):
            for follower in everyone:
                follower.offer(frame)
            for follower in some - everyone:
                follower.offer(frame)
