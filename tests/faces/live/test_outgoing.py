"""The queue before a socket: frames leave in order, at once where they can, and a socket that waits holds up nobody."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from uvicorn.server import ServerState
from websockets import frames

from apps.faces.live.outgoing import WRITE, Frame, Outgoing, writer
from careforall.live import config
from careforall.live_protocol import LiveProtocol


class Line:
    """A socket that takes frames while it is writable, as a server's does."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.straight = 0
        self.writable = asyncio.Event()
        self.writable.set()
        self.is_gone = False

    async def send(self, frame: str) -> None:
        await self.writable.wait()
        if self.is_gone:
            raise OSError("gone")
        self.told.append(frame)

    def write(self, wire: bytes) -> bool:
        if self.is_gone or not self.writable.is_set():
            return False
        self.straight += 1
        self.told.append(wire[2:].decode())
        return True


@asynccontextmanager
async def open_line(limit: int = 5) -> AsyncIterator[tuple[Line, Outgoing, list[int]]]:
    line, overflows = Line(), list[int]()
    outgoing = Outgoing(line.send, lambda: overflows.append(1), line.write, limit)
    pump = asyncio.ensure_future(outgoing.pump())
    await asyncio.sleep(0)
    try:
        yield line, outgoing, overflows
    finally:
        pump.cancel()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0)


async def test_a_free_socket_is_written_to_without_waiting() -> None:
    async with open_line() as (line, outgoing, _):
        for n in range(100):
            outgoing.offer(Frame(str(n)))
        assert line.told == [str(n) for n in range(100)]
        assert line.straight == 100, "no task ran in between"


async def test_before_the_pump_runs_everything_waits() -> None:
    line = Line()
    outgoing = Outgoing(line.send, lambda: None, line.write)
    outgoing.offer(Frame("before the welcome"))
    assert line.told == []
    pump = asyncio.ensure_future(outgoing.pump())
    await until(lambda: line.told == ["before the welcome"])
    pump.cancel()


async def test_under_a_plain_server_everything_goes_by_the_queue() -> None:
    line = Line()
    outgoing = Outgoing(line.send, lambda: None, writer({"extensions": {}}))
    pump = asyncio.ensure_future(outgoing.pump())
    for n in range(100):
        outgoing.offer(Frame(str(n)))
    await until(lambda: line.told == [str(n) for n in range(100)])
    assert line.straight == 0
    pump.cancel()


async def test_a_socket_that_waits_keeps_its_order_and_its_limit() -> None:
    async with open_line() as (line, outgoing, overflows):
        line.writable.clear()
        for n in range(5):
            outgoing.offer(Frame(str(n)))
        assert (line.told, overflows) == ([], [])
        line.writable.set()
        await until(lambda: len(line.told) == 5)
        outgoing.offer(Frame("5"))
        await until(lambda: line.told == [str(n) for n in range(6)])
        line.writable.clear()
        for n in range(20):
            outgoing.offer(Frame(str(n)))
        assert overflows == [1], "said once"


async def test_who_holds_the_turn_goes_first() -> None:
    async with open_line() as (line, outgoing, _):
        async with outgoing.turn:
            outgoing.offer(Frame("newer"))
            await asyncio.sleep(0)
            await line.send("missed")
        await until(lambda: line.told == ["missed", "newer"])
        outgoing.hold()
        outgoing.offer(Frame("held"))
        assert line.told[2:] == []
        await until(lambda: line.told[2:] == ["held"])


async def test_a_client_that_has_gone_is_no_error() -> None:
    async with open_line() as (line, outgoing, overflows):
        line.is_gone = True
        outgoing.offer(Frame("x"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for n in range(50):
            outgoing.offer(Frame(str(n)))
        assert (line.told, overflows) == ([], [])


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_frame_is_encoded_as_the_library_does(size: int) -> None:
    text = "আ" * (size // 3) + "x" * (size % 3)
    assert Frame(text).wire == frames.Frame(frames.Opcode.TEXT, text.encode()).serialize(mask=False)


async def test_the_server_writes_encoded_frames_while_the_socket_is_open_and_free() -> None:
    """What `careforall.live` runs, over a real pair of sockets: a library that changed under it would be seen here."""
    scopes: list[Any] = []
    may_end = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        assert not writer(scope)(Frame("too early").wire)
        await send({"type": "websocket.accept"})
        scopes.append(scope)
        await may_end.wait()
        await send({"type": "websocket.close"})
        assert not writer(scope)(Frame("too late").wire)
        scopes.append("ended")

    served = config("127.0.0.1", 0)
    assert served.ws is LiveProtocol
    served.app = app  # type: ignore[assignment]
    served.load()
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.create_connection(lambda: LiveProtocol(served, ServerState(), {}), sock=ours)
    await loop.sock_sendall(
        theirs,
        b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        b"Sec-WebSocket-Version: 13\r\n\r\n",
    )
    await until(lambda: len(scopes) == 1)
    assert WRITE in scopes[0]["extensions"]
    assert writer(scopes[0])(Frame("hello").wire)
    heard = b""
    while not heard.endswith(b"\x81\x05hello"):
        heard += await loop.sock_recv(theirs, 4096)
    written = 0
    while writer(scopes[0])(Frame("x" * 60_000).wire):  # nobody reads: the socket has to wait before long
        written += 1
        assert written < 1000
    while True:  # read it all, so that it may close
        try:
            assert theirs.recv(1 << 20)
        except BlockingIOError:
            if scopes[0] and writer(scopes[0])(Frame("again").wire):
                break
            await asyncio.sleep(0)
    may_end.set()
    await until(lambda: scopes[-1] == "ended")
    theirs.close()
