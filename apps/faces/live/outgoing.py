"""What one socket is still to be sent. Nearly always nothing: a frame goes out where it is offered, without a task of its own.

Where the socket has to wait, its frames do, in a short queue, so that a slow reader costs little and is let go.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any

LIMIT = 500
HOLD_SECONDS = 0.05
Send = Callable[[str], Coroutine[Any, Any, None]]


class Outgoing:
    """A bounded queue before a socket. `turn` is held by whoever writes; a catch-up holds it to go first."""

    def __init__(self, send: Send, on_overflow: Callable[[], None], limit: int = LIMIT) -> None:
        self.turn = asyncio.Lock()
        self._send = send
        self._on_overflow = on_overflow
        self._limit = limit
        self._waiting: deque[str] = deque()
        self._begun: Awaitable[None] | None = None
        self._filled = asyncio.Event()
        self._is_open = self._is_closed = False
        self._held_until = 0.0

    def offer(self, frame: str) -> None:
        """Send a frame, or queue it, without waiting. The frame above the limit closes the queue and reports it, once."""
        if self._is_closed:
            return
        if self._is_free():
            self._send_now(frame)
        elif len(self._waiting) >= self._limit:
            self.close()
            self._on_overflow()
        else:
            self._waiting.append(frame)
            self._filled.set()

    def hold(self) -> None:
        """Send nothing for a moment: a client that subscribes often asks in the same breath for what it missed."""
        self._held_until = time.monotonic() + HOLD_SECONDS

    def close(self) -> None:
        """Take no more frames, and forget those that wait."""
        self._is_closed = True
        self._waiting.clear()

    async def pump(self) -> None:
        """Send what is queued, for as long as the socket lives; before this begins, all is. Ends when the client has gone."""
        self._is_open = True
        while True:
            if not self._waiting and self._begun is None:
                await self._filled.wait()
            self._filled.clear()
            while (left := self._held_until - time.monotonic()) > 0:
                await asyncio.sleep(left)
            self._held_until = 0.0
            async with self.turn:
                try:
                    while (sending := self._next()) is not None:
                        await sending
                except OSError:  # the client has gone; the consumer hears of it by itself
                    self.close()
                    return

    def _is_free(self) -> bool:
        return not (
            self._waiting or self._begun is not None or self._held_until or not self._is_open or self.turn.locked()
        )

    def _next(self) -> Awaitable[None] | None:
        begun, self._begun = self._begun, None
        return begun or (self._send(self._waiting.popleft()) if self._waiting else None)

    def _send_now(self, frame: str) -> None:
        """Take the one step that a send needs whose socket takes it; a task for it would cost more than the step. The rest
        of a send that has to wait is left to the pump."""
        sending = self._send(frame)
        try:
            waits_for = sending.send(None)
        except StopIteration:
            return
        except OSError:
            self.close()
        else:
            self._begun = _Rest(sending, waits_for)
            self._filled.set()


class _Rest:
    """What is left of a coroutine whose first step ended in waiting for a future. Await it."""

    def __init__(self, begun: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._begun, self._waits_for = begun, waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        yield self._waits_for
        yield from self._begun.__await__()
