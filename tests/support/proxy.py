"""A TCP proxy that misbehaves on demand: between web or workers and PostgreSQL, Valkey or the bank.

proxy.latency = 0.2         every answer comes 200 ms late
proxy.mode = "hole"         nothing passes, nothing is closed; what was sent meanwhile arrives when the mode ends
proxy.mode = "refuse"       new connections are closed at once, old ones live on
proxy.mode = "lose"         requests arrive, then the connection breaks instead of the answer
proxy.mode = "half"         requests arrive, half of the answer comes, then the connection breaks
proxy.reset()               every open connection is reset
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable
from typing import Protocol

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Cut(Exception):
    """Raised by a watcher: this connection breaks here, on both sides, and nothing of the chunk passes."""


class Watcher(Protocol):
    """Sees both streams of one connection and returns what shall pass."""

    def up(self, data: bytes) -> bytes: ...

    def down(self, data: bytes) -> bytes: ...


class Proxy:
    """Listens on `port` of this machine and passes everything on to `upstream` (host, port), which may change."""

    def __init__(self, upstream: tuple[str, int], watch: Callable[[], Watcher] | None = None) -> None:
        self.upstream, self.mode, self.latency = upstream, "", 0.0
        self._watch = watch
        self._links: set[_Link] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        self.port = int(self._server.sockets[0].getsockname()[1])

    def reset(self) -> int:
        """Reset every open connection; returns how many there were."""

        async def all_of_them() -> int:
            links = list(self._links)
            for link in links:
                link.reset()
            return len(links)

        return asyncio.run_coroutine_threadsafe(all_of_them(), self._loop).result(10)

    def heal(self) -> None:
        self.mode, self.latency = "", 0.0

    def close(self) -> None:
        self.reset()
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = _Link(writer)
        if self.mode == "refuse":
            link.reset()
            return
        try:
            up_reader, up_writer = await asyncio.open_connection(*self.upstream)
        except OSError:
            link.reset()
            return
        link.writers.append(up_writer)
        self._links.add(link)
        watcher = self._watch() if self._watch else None
        ways = (
            self._pass(link, reader, up_writer, watcher.up if watcher else None, is_answer=False),
            self._pass(link, up_reader, writer, watcher.down if watcher else None, is_answer=True),
        )
        tasks = [asyncio.ensure_future(way) for way in ways]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._links.discard(link)
            link.close()
            for task in tasks:
                task.cancel()

    async def _pass(
        self,
        link: _Link,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        seen: Callable[[bytes], bytes] | None,
        *,
        is_answer: bool,
    ) -> None:
        try:
            while data := await source.read(65536):
                while self.mode == "hole":
                    await asyncio.sleep(0.02)
                data = seen(data) if seen else data
                if is_answer and data:
                    if self.latency:
                        await asyncio.sleep(self.latency)
                    if self.mode == "half":
                        sink.write(data[: len(data) // 2])
                        await sink.drain()
                    if self.mode in ("lose", "half"):
                        raise Cut
                sink.write(data)
                await sink.drain()
        except Cut:
            link.reset()
        except OSError:
            return


class _Link:
    """The two ends of one connection."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writers = [writer]

    def reset(self) -> None:
        for writer in self.writers:
            end = writer.get_extra_info("socket")
            if end is not None and end.fileno() >= 0:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            writer.transport.abort()

    def close(self) -> None:
        for writer in self.writers:
            writer.close()
