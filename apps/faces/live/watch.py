"""Sockets live long, rights may not: every few seconds each right is asked again, however many sockets stand on it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django import db
from django.conf import settings

from apps.chat import interface as chat
from apps.chat.errors import RoomNotFound
from apps.chat.interface import Visitor

from .database import ask
from .sign_in import Identity

log = logging.getLogger(__name__)
CHUNK = 50
SIGNED_OUT, NO_ROOM = "signed-out", "unknown-room"


@dataclass(frozen=True)
class Claim:
    """What a socket stands on: a sign-in, and a room that its visitor may enter."""

    identity: Identity
    room: str = ""
    key: str = ""

    def broken(self) -> str:
        """Why the claim does not hold any more, empty while it does. Blocks."""
        if not self.identity.still_holds():
            return SIGNED_OUT
        if self.room:
            try:
                chat.enter(name=self.room, visitor=Visitor(self.identity.actor(), self.key))
            except RoomNotFound:
                return NO_ROOM
        return ""


class Watch:
    """One a process."""

    def __init__(self) -> None:
        self._watched: dict[object, tuple[Claim, Callable[[str], None]]] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, who: object, claim: Claim, on_broken: Callable[[str], None]) -> None:
        """Call `on_broken` with the reason when the claim ends, within settings.LIVE_RECHECK_SECONDS and a moment."""
        self._watched[who] = (claim, on_broken)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())

    def remove(self, who: object) -> None:
        self._watched.pop(who, None)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(settings.LIVE_RECHECK_SECONDS)
            claims = list({claim for claim, _ in self._watched.values()})
            for start in range(0, len(claims), CHUNK):
                try:
                    broken = await ask(_broken, claims[start : start + CHUNK])
                except db.Error as error:  # nobody is let go because the database is
                    log.warning("rights cannot be looked at", extra={"error": type(error).__name__})
                    continue
                for claim, on_broken in list(self._watched.values()):
                    if reason := broken.get(claim):
                        on_broken(reason)


def _broken(claims: list[Claim]) -> dict[Claim, str]:
    return {claim: reason for claim in claims if (reason := claim.broken())}


watch = Watch()
