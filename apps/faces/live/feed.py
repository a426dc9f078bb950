"""The feed of this process: rows are read once, after the last number seen, and handed to every socket that follows.

Channels' groups are not used on purpose: `group_send` costs 120-230 microseconds of Python a socket, this loop ten.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from django import db
from django.conf import settings

from apps.notifications import interface as notifications
from apps.notifications.interface import BEGINNING, PLATFORM, Entry
from apps.platform import tracing

from . import frames
from .database import ask
from .outgoing import Outgoing
from .pokes import Pokes

log = logging.getLogger(__name__)
PAGE = 500
POLL_WITHOUT_POKES_SECONDS = 2.0
PAUSE_AFTER_FAILURE_SECONDS = 1.0


class Feed:
    """Everything up to `position` has been handed out. Starts with the first socket and runs as long as the process."""

    def __init__(self) -> None:
        self.position = BEGINNING
        self._followers: dict[str, set[Outgoing]] = {}
        self._grown = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._starting = asyncio.Lock()

    async def start(self) -> None:
        """Find the end of the feed and begin to follow it. Repeating it does nothing. Raises django.db.Error."""
        async with self._starting:
            if self._tasks and not any(task.done() for task in self._tasks):
                return
            for task in self._tasks:
                task.cancel()
            if not self._tasks:
                self.position = await ask(notifications.latest_position)
            pokes = Pokes(notifications.channel(), lambda _: self._grown.set())
            self._tasks = [asyncio.create_task(pokes.listen()), asyncio.create_task(self._follow(pokes))]

    def join(self, follower: Outgoing, topics: Iterable[str]) -> None:
        for topic in topics:
            self._followers.setdefault(topic, set()).add(follower)

    def leave(self, follower: Outgoing, topics: Iterable[str]) -> None:
        for topic in topics:
            if followers := self._followers.get(topic):
                followers.discard(follower)
                if not followers:
                    del self._followers[topic]

    async def _follow(self, pokes: Pokes) -> None:
        """Read on every poke, and without one every now and then: a poke is only a hint."""
        while True:
            patience = settings.LIVE_POLL_SECONDS if pokes.is_connected else POLL_WITHOUT_POKES_SECONDS
            try:
                async with asyncio.timeout(min(patience, settings.LIVE_POLL_SECONDS)):
                    await self._grown.wait()
            except TimeoutError:
                log.debug("no poke, looking all the same")
            self._grown.clear()
            try:
                await self._read_on()
            except db.Error as error:
                log.warning("the feed cannot be read", extra={"error": type(error).__name__})
                await asyncio.sleep(PAUSE_AFTER_FAILURE_SECONDS)

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
        frame = frames.of_entry(entry)
        with tracing.station("live.frames", {entry.pledge_id: ""} if entry.pledge_id else {}):
            for follower in everyone:
                follower.offer(frame)
            for follower in some - everyone:
                follower.offer(frame)
