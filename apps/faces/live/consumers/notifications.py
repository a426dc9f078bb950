"""/ws/notifications/: the public feed over a websocket, with resume."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any
from uuid import UUID

from channels.generic.websocket import AsyncWebsocketConsumer
from django import db

from apps.campaigns import interface as campaigns
from apps.notifications import interface as notifications
from apps.notifications.interface import PLATFORM, campaign_topic
from apps.platform.actors import ANONYMOUS
from apps.platform.errors import Refused

from .. import frames, origins
from ..database import ask
from ..feed import Feed
from ..frames import BadFrame, Resume, Subscribe
from ..outgoing import Outgoing
from ..sign_in import InvalidTicket, identify

log = logging.getLogger(__name__)
feed = Feed()

OVERFLOW, NOT_SIGNED_IN, TOO_BIG, POLICY, TRY_AGAIN = 4008, 4401, 1009, 1008, 1013
PAGE = 500
MISSED_MAX = 50_000
FRAMES_MAX, WINDOW_SECONDS = 60, 10.0


class NotificationsConsumer(AsyncWebsocketConsumer):
    """One socket. `topics` holds, for each topic, the number behind which this socket has been told everything."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.topics: dict[str, int] = {}
        self.resume_after: int | None = None
        self.outgoing = Outgoing(self._send_text, self._overflow)
        self.tasks: set[asyncio.Task[None]] = set()
        self.window_started, self.frames_in_window = time.monotonic(), 0
        try:
            await super().__call__(scope, receive, send)
        finally:  # also where the client vanished in the middle of a send, and no disconnect is reported
            feed.leave(self.outgoing, self.topics)
            for task in self.tasks:
                task.cancel()

    async def connect(self) -> None:
        if not origins.is_ours(self.scope["headers"]):
            await self.close()
            return
        await self.accept()
        try:
            user_id = await ask(identify, self.scope)
            await feed.start()
        except InvalidTicket:
            await self._refuse("invalid-ticket", "The ticket is unknown, used or older than 30 seconds.", NOT_SIGNED_IN)
        except db.Error:
            await self._refuse("unavailable", "Try again in a moment.", TRY_AGAIN)
        else:
            data = {"user": user_id, "topics": [PLATFORM, "campaign:<id>"]}
            await self._send_text(frames.write("welcome", data, entry_id=feed.position.id))
            self._run(self.outgoing.pump())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            self._count_frame()
            frame = frames.read(text_data)
            if isinstance(frame, Subscribe):
                await self._subscribe(frame)
            else:
                await self._resume(frame)
        except BadFrame as bad:
            close_codes = {"frame-too-large": TOO_BIG, "too-many-frames": POLICY}
            await self._refuse(bad.code, bad.detail, close_codes.get(bad.code))
        except Refused as refused:
            await self._refuse(refused.code, refused.detail)
        except db.Error as error:
            log.warning("a live frame could not be served", extra={"error": type(error).__name__})
            await self._refuse("unavailable", "Try again in a moment.", TRY_AGAIN)

    async def _subscribe(self, frame: Subscribe) -> None:
        """Follow more topics from now on, or from where a resume before it said."""
        wanted = list(dict.fromkeys(frame.topics))
        if len(wanted) + len(self.topics) > frames.MAX_TOPICS:
            raise BadFrame("too-many-topics", f"Follow at most {frames.MAX_TOPICS} topics a socket.")
        new = [topic for topic in await ask(_checked, wanted) if topic not in self.topics]
        if self.resume_after is None:
            self.outgoing.hold()
        start = feed.position.seq
        feed.join(self.outgoing, new)
        self.topics |= dict.fromkeys(new, start)
        since, self.resume_after = self.resume_after, None
        if since is not None:
            await self._catch_up(since)

    async def _resume(self, frame: Resume) -> None:
        """Tell what came after an entry, before anything newer, without repeating what this socket was told already."""
        position = await ask(notifications.position_of, entry_id=frame.after)
        if self.topics:
            await self._catch_up(position.seq)
        else:
            self.resume_after = position.seq

    async def _catch_up(self, since: int) -> None:
        up_to = max(self.topics.values())
        if up_to - since > MISSED_MAX:
            raise BadFrame("missed-too-much", "Too much has happened since. Load the page anew.")
        async with self.outgoing.turn:  # what happens meanwhile waits in the queue, so the missed comes first
            cursor = since
            while entries := await ask(
                notifications.read_feed, after=cursor, up_to=up_to, topics=list(self.topics), limit=PAGE
            ):
                for entry in entries:
                    if all(entry.seq <= self.topics[each] for each in (PLATFORM, entry.topic) if each in self.topics):
                        await self._send_text(frames.of_entry(entry))
                cursor = entries[-1].seq
            self.topics = {topic: min(start, since) for topic, start in self.topics.items()}

    def _count_frame(self) -> None:
        now = time.monotonic()
        if now - self.window_started > WINDOW_SECONDS:
            self.window_started, self.frames_in_window = now, 0
        self.frames_in_window += 1
        if self.frames_in_window > FRAMES_MAX:
            raise BadFrame("too-many-frames", f"Send at most {FRAMES_MAX} frames in {WINDOW_SECONDS:.0f} seconds.")

    async def _refuse(self, code: str, detail: str, close_code: int | None = None) -> None:
        await self._send_text(frames.of_error(code, detail))
        if close_code is not None:
            await self.close(close_code)

    async def _send_text(self, text: str) -> None:
        await self.send(text_data=text)

    def _overflow(self) -> None:
        self._run(self.close(OVERFLOW))

    def _run(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(_log_failure)


def _checked(topics: list[str]) -> list[str]:
    """The topics as they are kept. Blocks. Raises BadFrame for a topic that anyone may not follow."""
    return [topic if topic == PLATFORM else _campaign_topic(topic) for topic in topics]


def _campaign_topic(topic: str) -> str:
    kind, _, name = topic.partition(":")
    try:
        campaign_id = UUID(name)
        if kind != "campaign":
            raise ValueError(kind)
        campaigns.get_campaign(campaign_id=campaign_id, viewer=ANONYMOUS)
    except (ValueError, Refused):
        raise BadFrame("unknown-topic", f"There is no topic {topic[:60]!r}.") from None
    return campaign_topic(campaign_id)


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) and not isinstance(error, OSError):
        log.error("a live socket's task failed", exc_info=error)
