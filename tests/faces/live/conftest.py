"""A real uvicorn process on the test database, and plain websocket clients against it."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import wraps
from itertools import count
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from apps.platform import db
from runtime.process import free_port

ROOT = settings.BASE_DIR
PATIENCE = 10.0
_numbers = count(1)


def in_thread(work: Callable[..., Any]) -> Callable[..., Any]:
    """Let an async test call blocking code; its connections do not outlive the call."""

    @wraps(work)
    def close_behind(*args: Any, **kwargs: Any) -> Any:
        try:
            return work(*args, **kwargs)
        finally:
            connections.close_all()

    return sync_to_async(close_behind, thread_sensitive=False)


class Live:
    """One live process."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port, self.process = port, process
        self.host = f"127.0.0.1:{port}"

    @asynccontextmanager
    async def socket(self, query: str = "", **options: Any) -> AsyncIterator[Socket]:
        async with connect(f"ws://{self.host}/ws/notifications/{query}", **options) as connection:
            yield Socket(connection)

    @asynccontextmanager
    async def room(self, name: str, query: str = "", *, cookie: str = "", **options: Any) -> AsyncIterator[Socket]:
        headers = {"Cookie": f"sessionid={cookie}"} if cookie else {}
        address = f"ws://{self.host}/ws/chat/{name}/{query}"
        async with connect(address, additional_headers=headers, **options) as connection:
            yield Socket(connection)


class Socket:
    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def next(self, patience: float = PATIENCE) -> dict[str, Any]:
        async with asyncio.timeout(patience):
            return json.loads(await self.connection.recv())

    async def next_of(self, kind: str) -> dict[str, Any]:
        while (frame := await self.next())["type"] != kind:
            pass
        return frame

    async def next_like(self, kind: str, **wanted: Any) -> dict[str, Any]:
        """The next frame of this kind with these values."""
        while True:
            frame = await self.next_of(kind)
            if wanted.items() <= frame.items():
                return frame

    async def send(self, frame: Any) -> None:
        await self.connection.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    async def subscribe(self, *topics: str) -> None:
        """Subscribe, and wait until it is in force: the answer to an unknown frame comes after it."""
        await self.send({"type": "subscribe", "topics": topics})
        await self.in_force()

    async def in_force(self) -> None:
        await self.send({"type": "sync"})
        assert (await self.next())["data"]["code"] == "invalid-frame"

    async def all_until_quiet(self) -> list[dict[str, Any]]:
        """What has been sent to this socket by now, by the same means."""
        await self.send({"type": "sync"})
        frames = []
        while (frame := await self.next())["type"] != "error":
            frames.append(frame)
        return frames

    async def close_code(self) -> int:
        async with asyncio.timeout(PATIENCE):
            try:
                while True:
                    await self.connection.recv()
            except ConnectionClosed:
                return self.connection.close_code or 0


@contextmanager
def live_process(port: int = 0, **environment: str) -> Iterator[Live]:
    port = port or free_port()
    command = [sys.executable, "-m", "careforall.live", "--port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | _environment() | environment,
    )
    try:
        _wait_until_it_listens(process, port)
        yield Live(port, process)
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def live(django_db_setup: None) -> Iterator[Live]:
    """A live process for a module's tests; its poll is slow, so what arrives in time arrives by poke."""
    with live_process(LIVE_POLL_SECONDS="60") as process:
        yield process


@pytest.fixture
def start_live(transactional_db: None) -> Iterator[Callable[..., Live]]:
    """Starts a live process with an environment of its own."""
    started = []

    def start(**environment: str) -> Live:
        context = live_process(**environment)
        started.append(context)
        return context.__enter__()

    yield start
    for context in started:
        context.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def numbering_goes_on(transactional_db: None) -> None:
    """Emptying the tables between tests must not turn back the numbers that a running process has seen."""
    db.execute("INSERT INTO notifications_feedcounter (id, last_seq) VALUES (1, %s)", [next(_numbers) * 100_000])


def _environment() -> dict[str, str]:
    def url(alias: str) -> str:
        at = connections[alias].settings_dict
        return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"

    return {
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"].replace(".test", ".dev"),
        "DATABASE_URL": url("default"),
        "BANK_DATABASE_URL": url("bank"),
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "JWT_SIGNING_KEY": settings.JWT_SIGNING_KEY,
        "TRACKING_TOKEN_KEY": settings.TRACKING_TOKEN_KEY,
        "BANK_API_KEY": settings.BANK["API_KEY"],
        "BANK_WEBHOOK_SECRET": settings.BANK["WEBHOOK_SECRET"],
        "PUBLIC_URL": settings.PUBLIC_URL,
    }


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the live process ended with {process.returncode}")
        with socket.socket() as probe:
            probe.settimeout(0.1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
            process_is_starting = 0.1
        try:
            process.wait(process_is_starting)
        except subprocess.TimeoutExpired:
            continue
    raise RuntimeError("the live process does not listen")
