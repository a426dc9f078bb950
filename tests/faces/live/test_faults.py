"""What breaks under many sockets, and that every client still ends with exactly the rows the database has."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import redis
from django.db import transaction
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from apps.chat import interface as chat
from apps.notifications.services.post_inbox import NewInboxEntry, post_inbox
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.ids import new_id
from runtime import binaries
from runtime.process import free_port
from tests.chat import support
from tests.faces.live.conftest import Live, Socket, in_thread, live_process
from tests.faces.live.test_chat import session_of
from tests.faces.live.test_notifications import write
from tests.pledges.support import open_campaign

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
SOCKETS, AT_ONCE = 500, 1000


@in_thread
def rows(after: int = 0) -> list[str]:
    return [
        row["id"] for row in db.rows("SELECT id::text FROM notifications_feedentry ORDER BY seq OFFSET %s", [after])
    ]


class Client:
    """A client as the contract asks for: keeps every id, comes back when it is cut off, resumes after the last."""

    def __init__(self, path: str = "/ws/notifications/", cookie: str = "") -> None:
        self.path, self.headers = path, {"Cookie": f"sessionid={cookie}"} if cookie else {}
        self.told: list[str] = []
        self.last: Any = ""
        self.connections = 0
        self.is_following = asyncio.Event()

    async def follow(self, port: int, pause: float = 0.05) -> None:
        address = f"ws://127.0.0.1:{port}{self.path}"
        while True:
            try:
                async with connect(address, additional_headers=self.headers, open_timeout=60, max_size=None) as line:
                    await self._listen(Socket(line))
            except (OSError, ConnectionClosed, TimeoutError, InvalidStatus):
                self.is_following.clear()
                await asyncio.sleep(pause)

    async def _listen(self, socket: Socket) -> None:
        await self.greet(socket, await socket.next_of("welcome"))
        self.connections += 1
        self.is_following.set()
        while True:
            self.got(await socket.next(patience=3600))

    async def greet(self, socket: Socket, welcome: dict[str, Any]) -> None:
        self.last = self.last or welcome["id"]
        await socket.send({"type": "resume", "after": self.last})  # first: the missed then surely comes first
        await socket.send({"type": "subscribe", "topics": ["platform"]})

    def got(self, frame: dict[str, Any]) -> None:
        if frame["type"] != "error":
            self.told.append(frame["id"])
            self.last = frame["id"]


class InboxClient(Client):
    """Follows what concerns one person."""

    async def greet(self, socket: Socket, welcome: dict[str, Any]) -> None:
        if self.last == "":
            self.last = welcome["data"]["inbox"]
        await socket.send({"type": "resume", "inbox": self.last})

    def got(self, frame: dict[str, Any]) -> None:
        assert frame["type"] == "notification", frame
        self.told.append(frame["id"])
        self.last = frame["data"]["seq"]


class ChatClient(Client):
    """Reads a room; keeps of each message what was told last, as a page does."""

    def __init__(self, room: str) -> None:
        super().__init__(f"/ws/chat/{room}/")
        self.shown: dict[str, str] = {}

    async def greet(self, socket: Socket, welcome: dict[str, Any]) -> None:
        if self.last == "":
            self.last = welcome["version"]
            self.shown = {message["id"]: message["text"] for message in welcome["history"]}
        else:
            await socket.send({"type": "resume", "after": self.last})

    def got(self, frame: dict[str, Any]) -> None:
        if frame["type"] in ("message", "removed"):
            assert frame["version"] > self.last, "in order, once"
            self.last = frame["version"]
            self.shown[frame["id"]] = frame.get("text", "")


async def until(holds: Callable[[], bool], seconds: float = 90) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.05)


async def all_told(clients: Sequence[Client], expected: list[str], seconds: float = 90) -> None:
    await until(lambda: all(len(client.told) >= len(expected) for client in clients), seconds)
    assert all(client.told == expected for client in clients), "in order, once, nothing missing"


@contextmanager
def following(clients: Sequence[Client], port: int) -> Iterator[list[asyncio.Task[None]]]:
    tasks = [asyncio.ensure_future(client.follow(port)) for client in clients]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()


async def all_following(clients: Sequence[Client], seconds: float = 90) -> None:
    async with asyncio.timeout(seconds):
        for client in clients:
            await client.is_following.wait()


@in_thread
def tell(user: Actor, number: int) -> None:
    """Something that concerns this person alone."""
    assert user.user_id
    data = {"title": "x", "slug": "x", "room": str(new_id())}
    with transaction.atomic():
        post_inbox([NewInboxEntry(user_id=user.user_id, kind="mentioned", key=str(number), at=clock.now(), data=data)])


@in_thread
def inbox_of(user: Actor) -> list[str]:
    found = db.rows("SELECT id::text FROM notifications_inboxentry WHERE user_id = %s ORDER BY seq", [user.user_id])
    return [row["id"] for row in found]


@in_thread
def said_in(room_id: UUID) -> dict[str, str]:
    found = db.rows("SELECT id::text, text FROM chat_message WHERE room_id = %s", [room_id])
    return {row["id"]: row["text"] for row in found}


async def test_a_killed_process_and_a_thousand_reconnects_at_once_lose_nothing(alice: Actor, bob: Actor) -> None:
    """Of the feed, of what concerns one person, of a room with edits and removals: each client ends with the rows."""
    campaign = await in_thread(open_campaign)(alice)
    place = await in_thread(support.room_of)(campaign)
    room, here = place.room.id, {"room_id": place.room.id, "visitor": support.visitor(bob)}
    say = in_thread(support.write)
    await write("campaign:x", 0)
    first_seen = len(await rows())
    feed = [Client() for _ in range(AT_ONCE)]
    bobs = [InboxClient(cookie=await session_of("bob")) for _ in range(20)]
    alices = [InboxClient(cookie=await session_of("alice")) for _ in range(20)]
    readers = [ChatClient(place.room.name) for _ in range(40)]
    clients: list[Client] = [*feed, *bobs, *alices, *readers]
    before = await inbox_of(bob), await inbox_of(alice)

    async def everyone_has_the_rows() -> None:
        await all_told(feed, await rows(after=first_seen))
        await all_told(bobs, (await inbox_of(bob))[len(before[0]) :])
        await all_told(alices, (await inbox_of(alice))[len(before[1]) :])
        said = await said_in(room)
        await until(lambda: all(reader.shown == said for reader in readers))

    with live_process(LIVE_POLL_SECONDS="60") as first, following(clients, first.port):
        await all_following(clients)
        for n in range(5):
            await write("campaign:x", n)
            await tell(bob, n)
        kept, gone = await say(room, bob, "kept"), await say(room, bob, "gone")
        await everyone_has_the_rows()
        first.process.kill()
        first.process.wait()
        for n in range(5, 25):
            await write("campaign:x", n)
            await tell(bob, n)
            await tell(alice, n)
        await in_thread(chat.edit_message)(**here, message_id=kept.id, message="kept, changed")
        await in_thread(chat.remove_message)(**here, message_id=gone.id)
        await say(room, alice, "written while nobody could read")
        for client in clients:
            client.is_following.clear()
        with live_process(port=first.port, LIVE_POLL_SECONDS="60") as second:
            await all_following(clients)
            await write("campaign:x", 25)
            await tell(alice, 25)
            await say(room, alice, "and after")
            await everyone_has_the_rows()
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
        n, a_minute_later = 3, asyncio.get_running_loop().time() + 60
        while asyncio.get_running_loop().time() < a_minute_later:
            await write("campaign:x", n, redis_url=url)
            await all_told(clients, await rows(after=1), seconds=15)
            n += 1
        with valkey(port, tmp_path):
            await write("campaign:x", n, redis_url=url)
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
