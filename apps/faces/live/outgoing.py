"""What one socket is still to be sent. Nearly always nothing: a frame is written where it is offered, without a task of its own.

Where the socket has to wait, its frames do, in a short queue, so that a slow reader costs little and is let go.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from . import metrics

LIMIT = 500
HOLD_SECONDS = 0.05
WRITE = "careforall.write"
"""The extension of a scope whose server writes encoded frames (careforall/live_protocol.py)."""


class Frame:
    """A text frame for any number of sockets, encoded once (RFC 6455, 5.2: final, text, not masked)."""

    __slots__ = ("text", "wire")

    def __init__(self, text: str) -> None:
        payload = text.encode()
        size = len(payload)
        if size < 126:
            head = bytes((0x81, size))
        elif size < 65_536:
            head = b"\x81\x7e" + size.to_bytes(2, "big")
        else:
            head = b"\x81\x7f" + size.to_bytes(8, "big")
        self.text, self.wire = text, head + payload


def writer(scope: Mapping[str, Any]) -> Callable[[bytes], bool]:
    """What writes encoded frames to this socket and tells whether it could; never, under a server that has no such thing."""
    found = scope.get("extensions", {}).get(WRITE)
    return found["write"] if found else lambda wire: False


class Outgoing:
    """A bounded queue before a socket. `turn` is held by whoever writes; a catch-up holds it to go first."""

    def __init__(
        self,
        send: Callable[[str], Awaitable[None]],
        on_overflow: Callable[[], None],
        write: Callable[[bytes], bool],
        limit: int = LIMIT,
    ) -> None:
        self.turn = asyncio.Lock()
        self._send, self._write = send, write
        self._on_overflow = on_overflow
        self._limit = limit
        self._waiting: deque[str] = deque()
        self._filled = asyncio.Event()
        self._is_open = self._is_closed = False
        self._held_until = 0.0

    def offer(self, frame: Frame) -> None:
        """Write a frame, or queue it, without waiting. The frame above the limit closes the queue and reports it, once."""
        if self._is_closed or (self._is_free() and self._write(frame.wire)):
            return
        if len(self._waiting) >= self._limit:
            metrics.let_go.inc()
            metrics.dropped.inc(len(self._waiting) + 1)
            self.close()
            self._on_overflow()
            return
        self._waiting.append(frame.text)
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
            if not self._waiting:
                await self._filled.wait()
            self._filled.clear()
            while (left := self._held_until - time.monotonic()) > 0:
                await asyncio.sleep(left)
            self._held_until = 0.0
            async with self.turn:
                while self._waiting:
                    try:
                        await self._send(self._waiting.popleft())
                    except OSError:  # the client has gone; the consumer hears of it by itself
                        self.close()
                        return

    def _is_free(self) -> bool:
        return self._is_open and not self._waiting and not self._held_until and not self.turn.locked()
