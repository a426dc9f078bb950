"""Looking for what is new: at once when a poke comes, and now and then without one, for as long as the process runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from django import db
from django.conf import settings

from .pokes import Pokes

log = logging.getLogger(__name__)
POLL_WITHOUT_POKES_SECONDS, PAUSE_AFTER_FAILURE_SECONDS = 2.0, 1.0


class Lookout:
    """One per thing that a process follows. `heard` gets what was poked, or None where any number of pokes may have been
    missed: nothing was heard for a while, the line was gone, or the look before this failed. `look` then reads the rows."""

    def __init__(
        self, channel: str, heard: Callable[[bytes | None], None], look: Callable[[], Awaitable[None]]
    ) -> None:
        self._heard = heard
        self._look = look
        self._is_due = asyncio.Event()
        self._pokes = Pokes(channel, self._poked)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin. Repeating it does nothing."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._pokes.listen()), asyncio.create_task(self._keep_looking())]

    def wake(self) -> None:
        """Look at once."""
        self._is_due.set()

    def _poked(self, poked: bytes | None) -> None:
        self._heard(poked)
        self.wake()

    async def _keep_looking(self) -> None:
        while True:
            patience: float = settings.LIVE_POLL_SECONDS
            if not self._pokes.is_connected:
                patience = min(patience, POLL_WITHOUT_POKES_SECONDS)
            try:
                async with asyncio.timeout(patience):
                    await self._is_due.wait()
            except TimeoutError:
                self._heard(None)
            self._is_due.clear()
            try:
                await self._look()
            except db.Error as error:
                log.warning("what is new cannot be read", extra={"error": type(error).__name__})
                await self._try_again()
            except Exception:  # every socket of this process hangs on this loop: a defect must not end it
                log.exception("looking for what is new failed")
                await self._try_again()

    async def _try_again(self) -> None:
        await asyncio.sleep(PAUSE_AFTER_FAILURE_SECONDS)
        self._poked(None)
