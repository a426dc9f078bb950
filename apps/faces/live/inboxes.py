"""The inboxes that this process follows: one reading a person, handed to each of their sockets."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from apps.notifications import interface as notifications
from apps.notifications.interface import InboxEntry

from . import frames
from .database import ask
from .lookout import Lookout
from .outgoing import Frame, Outgoing

PAGE = 200


@dataclass
class _Inbox:
    """Everything up to `seq` has been handed out; None until that number was read."""

    seq: int | None = None
    followers: set[Outgoing] = field(default_factory=set)


class Inboxes:
    """One a process. Starts with the first person and runs as long as the process."""

    def __init__(self) -> None:
        self._inboxes: dict[UUID, _Inbox] = {}
        self._grown: set[UUID] = set()
        self._lookout: Lookout | None = None

    async def join(self, user_id: UUID, follower: Outgoing) -> int:
        """Hand on what this person is told from now on. Returns the number behind which that begins. Raises db.Error."""
        self._start()
        inbox = self._inboxes.setdefault(user_id, _Inbox())
        inbox.followers.add(follower)
        while inbox.seq is None:
            seq = await ask(notifications.latest_inbox_seq, user_id=user_id)
            if inbox.seq is None:
                inbox.seq = seq
        self._wake({user_id})  # what came between the reading and now was poked before anyone listened
        return inbox.seq

    def leave(self, user_id: UUID, follower: Outgoing) -> None:
        if inbox := self._inboxes.get(user_id):
            inbox.followers.discard(follower)
            if not inbox.followers:
                del self._inboxes[user_id]

    def _start(self) -> None:
        self._lookout = self._lookout or Lookout(notifications.inbox_channel(), self._heard, self._look)
        self._lookout.start()

    def _heard(self, poked: bytes | None) -> None:
        self._wake(set(self._inboxes) if poked is None else set(notifications.poked_inboxes(poked)))

    def _wake(self, user_ids: set[UUID]) -> None:
        self._grown |= user_ids & self._inboxes.keys()
        if self._grown and self._lookout:
            self._lookout.wake()

    async def _look(self) -> None:
        grown, self._grown = self._grown, set()
        await self._read_on(grown)

    async def _read_on(self, user_ids: set[UUID]) -> None:
        latest = await ask(notifications.latest_inbox_seqs, user_ids=list(user_ids)) if user_ids else {}
        for user_id, last in latest.items():
            inbox = self._inboxes.get(user_id)
            while inbox is not None and inbox.seq is not None and inbox.seq < last:
                entries, unread = await ask(_read, user_id, inbox.seq)
                for entry in entries:
                    frame = Frame(frames.of_inbox_entry(entry, unread=unread))
                    for follower in inbox.followers:
                        follower.offer(frame)
                # Entries that a person does not want live are numbered too, and read as nothing.
                inbox.seq = entries[-1].seq if len(entries) == PAGE else max(last, entries[-1].seq if entries else 0)


def _read(user_id: UUID, after: int) -> tuple[list[InboxEntry], int]:
    entries = notifications.read_inbox(user_id=user_id, after=after, limit=PAGE)
    return entries, notifications.unread_count(user_id=user_id)


inboxes = Inboxes()
