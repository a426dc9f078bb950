"""/ws/notifications/: the public feed over a websocket, with resume."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apps.campaigns import interface as campaigns
from apps.notifications import interface as notifications
from apps.notifications.interface import PLATFORM, UnknownPosition, campaign_topic
from apps.platform.actors import ANONYMOUS
from apps.platform.errors import NotSignedIn, Refused

from .. import frames
from ..database import ask
from ..feed import Feed
from ..frames import BadFrame, Resume, Subscribe
from ..inboxes import inboxes
from ..watch import Claim
from .base import LiveConsumer

feed = Feed()

PAGE = 500
MISSED_MAX, INBOX_MISSED_MAX = 50_000, 5_000


class NotificationsConsumer(LiveConsumer):
    """One socket. `topics` holds, for each topic, the number behind which this socket has been told everything."""

    kind = "notifications"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.topics: dict[str, int] = {}
        self.resume_after: int | None = None
        self.inbox_from = 0
        await super().__call__(scope, receive, send)

    async def opened(self) -> None:
        await feed.start()
        data: dict[str, Any] = {"user": self.identity.user_id, "topics": [PLATFORM, "campaign:<id>"]}
        if user_id := self.identity.user_id:
            self.stand_on(Claim(self.identity))
            self.inbox_from = await inboxes.join(user_id, self.outgoing)
            data |= {"inbox": self.inbox_from, "unread": await ask(notifications.unread_count, user_id=user_id)}
        await self.send_text(frames.write("welcome", data, entry_id=feed.position.id))

    async def got(self, text: str | None) -> None:
        frame = frames.read(text)
        if isinstance(frame, Subscribe):
            await self._subscribe(frame)
        else:
            await self._resume(frame)

    def ended(self) -> None:
        feed.leave(self.outgoing, self.topics)
        if self.identity.user_id:
            inboxes.leave(self.identity.user_id, self.outgoing)

    def error_frame(self, code: str, detail: str, **about: Any) -> str:
        return frames.of_error(code, detail)

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
        if frame.after is None and frame.inbox is None:
            raise BadFrame("invalid-frame", "Say `after` or `inbox`, or both.")
        if frame.inbox is not None:
            await self._catch_up_inbox(frame.inbox)
        if frame.after is None:
            return
        try:
            position = await ask(notifications.position_of, entry_id=frame.after)
        except UnknownPosition:
            if self.identity.user_id is None:
                raise
            user_id, entry_id = self.identity.user_id, frame.after
            await self._catch_up_inbox(await ask(notifications.inbox_seq_of, user_id=user_id, entry_id=entry_id))
            return
        if self.topics:
            await self._catch_up(position.seq)
        else:
            self.resume_after = position.seq

    async def _catch_up_inbox(self, since: int) -> None:
        user_id, up_to = self.identity.user_id, self.inbox_from
        if user_id is None:
            raise NotSignedIn
        if not 0 <= since < 2**62 or up_to - since > INBOX_MISSED_MAX:
            raise BadFrame("missed-too-much", "Too much has happened since. Load the page anew.")
        first = since
        async with self.outgoing.turn:
            while since < up_to:
                entries = await ask(notifications.read_inbox, user_id=user_id, after=since, limit=PAGE)
                unread = await ask(notifications.unread_count, user_id=user_id)
                for entry in entries:
                    if entry.seq <= up_to:
                        await self.send_text(frames.of_inbox_entry(entry, unread=unread))
                since = entries[-1].seq if len(entries) == PAGE else up_to
            self.inbox_from = min(up_to, first)

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
                        await self.send_text(frames.of_entry(entry))
                cursor = entries[-1].seq
            self.topics = {topic: min(start, since) for topic, start in self.topics.items()}


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
