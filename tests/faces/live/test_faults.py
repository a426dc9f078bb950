"""What breaks under many sockets, and that every client still ends with exactly the rows the database has."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from apps.platform import db
from runtime import binaries
from runtime.process import free_port
from tests.faces.live.conftest import Live, Socket, in_thread, live_process
from tests.faces.live.test_notifications import write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
SOCKETS, AT_ONCE = 500, 1000


@in_thread
def rows(after: int = 0) -> list[str]:
    return [
        row["id"] for row in db.rows("SELECT id::text FROM notifications_feedentry ORDER BY seq OFFSET %s", [after])
    ]


class Client:
    """A client as the contract asks for: keeps every id, comes back when it is cut off, resumes after the last."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.last = ""
        self.connections = 0
        self.is_following = asyncio.Event()

    async def follow(self, port: int, pause: float = 0.05) -> None:
        while True:
            try:
                async with connect(f"ws://127.0.0.1:{port}/ws/notifications/", open_timeout=60, max_size=None) as line:
                    await self._listen(Socket(line))
            except (OSError, ConnectionClosed, TimeoutError):
                self.is_following.clear()
                await asyncio.sleep(pause)

    async def _listen(self, socket: Socket) -> None:
        welcome = await socket.next_of("welcome")
        self.last = self.last or welcome["id"]
        await socket.send(
            {"type": "resume", "after": self.last}
        )  # before it subscribes: the missed then surely comes first
        await socket.send({"type": "subscribe", "topics": ["platform"]})
        self.connections += 1
        self.is_following.set()
        while True:
            frame = await socket.next(patience=3600)
            if frame["type"] != "error":
                self.told.append(frame["id"])
                self.last = frame["id"]


async def all_told(clients: list[Client], expected: list[str], seconds: float = 90) -> None:
    async with asyncio.timeout(seconds):
        while any(len(client.told) < len(expected) for client in clients):
            await asyncio.sleep(0.05)
    assert all(client.told == expected for client in clients), "in order, once, nothing missing"


@contextmanager
def following(clients: list[Client], port: int) -> Iterator[list[asyncio.Task[None]]]:
    tasks = [asyncio.ensure_future(client.follow(port)) for client in clients]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()


async def all_following(clients: list[Client], seconds: float = 90) -> None:
    async with asyncio.timeout(seconds):
        for client in clients:
            await client.is_following.wait()


async def test_a_killed_process_and_a_thousand_reconnects_at_once_lose_nothing() -> None:
    await write("campaign:x", 0)
    clients = [Client() for _ in range(AT_ONCE)]
    with live_process(LIVE_POLL_SECONDS="60") as first, following(clients, first.port):
        await all_following(clients)
        for n in range(5):
            await write("campaign:x", n)
        await all_told(clients, await rows(after=1))
        first.process.kill()
        first.process.wait()
        for n in range(5, 25):
            await write("campaign:x", n)
        for client in clients:
            client.is_following.clear()
        with live_process(port=first.port, LIVE_POLL_SECONDS="60") as second:
            await all_following(clients)
            await write("campaign:x", 25)
            await all_told(clients, await rows(after=1))
            assert all(client.connections == 2 for client in clients)
            assert memory_of(second) < 400


@contextmanager
def valkey(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [binaries.valkey(), "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    client = redis.Redis(port=port)
    while process.poll() is None:
        try:
            client.ping()
            break
        except redis.RedisError:
            continue
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def test_valkey_flushed_gone_and_back_again_loses_nothing(tmp_path: Path) -> None:
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    await write("campaign:x", 0)
    clients = [Client() for _ in range(SOCKETS)]
    with live_process(REDIS_URL=url, LIVE_POLL_SECONDS="25") as live, following(clients, live.port):
        with valkey(port, tmp_path):
            await all_following(clients)
            await write("campaign:x", 1, redis_url=url)
            await all_told(clients, await rows(after=1))
            await in_thread(redis.Redis(port=port).flushall)()
            await write("campaign:x", 2, redis_url=url)
            await all_told(clients, await rows(after=1), seconds=5)
        for n in range(3, 6):
            await write("campaign:x", n, redis_url=url)
        await all_told(clients, await rows(after=1), seconds=15)
        with valkey(port, tmp_path):
            await write("campaign:x", 6, redis_url=url)
            await all_told(clients, await rows(after=1), seconds=15)
        assert all(client.connections == 1 for client in clients), "no socket was lost over it"


async def test_clients_that_never_read_cost_little_and_slow_nobody(tmp_path: Path) -> None:
    await write("campaign:x", 0)
    quick = [Client() for _ in range(20)]
    with live_process(LIVE_POLL_SECONDS="60") as live, following(quick, live.port):
        async with AsyncExitStack() as stack:
            await all_following(quick)
            stuck: list[Any] = []
            for _ in range(100):
                socket = await stack.enter_async_context(live.socket(max_queue=1, compression=None))
                await socket.next_of("welcome")
                await socket.subscribe("platform")
                stuck.append(socket)
            before = memory_of(live)
            for begin in range(0, 1500, 50):
                await write("campaign:x", *range(begin, begin + 50), pad="x" * 10_000)
            await all_told(quick, await rows(after=1))
            assert memory_of(live) - before < 150, "megabytes for 15 MB told to a hundred who do not read"
            assert [await socket.close_code() for socket in stuck] == [4008] * len(stuck)


def memory_of(live: Live) -> float:
    """Megabytes of the process."""
    (line,) = (each for each in Path(f"/proc/{live.process.pid}/status").read_text().splitlines() if "VmRSS" in each)
    return int(line.split()[1]) / 1024
