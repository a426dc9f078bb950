"""What one socket is still to be sent: a short queue, so that a slow reader costs little and is let go."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

LIMIT = 500
HOLD_SECONDS = 0.05


class Outgoing:
    """A bounded queue before a socket. `turn` is held by whoever writes; a catch-up holds it to go first."""

    def __init__(
        self, send: Callable[[str], Awaitable[None]], on_overflow: Callable[[], None], limit: int = LIMIT
    ) -> None:
        self.turn = asyncio.Lock()
        self._send = send
        self._on_overflow = on_overflow
        self._limit = limit
        self._waiting: deque[str] = deque()
        self._filled = asyncio.Event()
        self._is_closed = False
        self._held_until = 0.0

    def offer(self, frame: str) -> None:
        """Queue a frame, without waiting. The frame above the limit closes the queue and reports the overflow, once."""
        if self._is_closed:
            return
        if len(self._waiting) >= self._limit:
            self._is_closed = True
            self._waiting.clear()
            self._on_overflow()
            return
        self._waiting.append(frame)
        self._filled.set()

    def hold(self) -> None:
        """Send nothing for a moment: a client that subscribes often asks in the same breath for what it missed."""
        self._held_until = time.monotonic() + HOLD_SECONDS

    async def pump(self) -> None:
        """Send what is queued, for as long as the socket lives. Ends when the client has gone."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            await asyncio.sleep(max(0.0, self._held_until - time.monotonic()))
            async with self.turn:
                while self._waiting:
                    try:
                        await self._send(self._waiting.popleft())
                    except OSError:  # the client has gone; the consumer hears of it by itself
                        return
