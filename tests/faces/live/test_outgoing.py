"""The queue before a socket: frames leave in order, at once where they can, and a socket that waits holds up nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from apps.faces.live.outgoing import Outgoing


class Line:
    """A socket that takes frames while it is writable, as a server's does."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.writable = asyncio.Event()
        self.writable.set()
        self.is_gone = False

    async def send(self, frame: str) -> None:
        await self.writable.wait()
        if self.is_gone:
            raise OSError("gone")
        self.told.append(frame)


@asynccontextmanager
async def open_line(limit: int = 5) -> AsyncIterator[tuple[Line, Outgoing, list[int]]]:
    line, overflows = Line(), list[int]()
    outgoing = Outgoing(line.send, lambda: overflows.append(1), limit)
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


async def test_a_free_socket_is_sent_to_without_waiting() -> None:
    async with open_line() as (line, outgoing, _):
        for n in range(100):
            outgoing.offer(str(n))
        assert line.told == [str(n) for n in range(100)], "no task ran in between"


async def test_before_the_pump_runs_everything_waits() -> None:
    line = Line()
    outgoing = Outgoing(line.send, lambda: None)
    outgoing.offer("before the welcome")
    assert line.told == []
    pump = asyncio.ensure_future(outgoing.pump())
    await until(lambda: line.told == ["before the welcome"])
    pump.cancel()


async def test_a_socket_that_waits_keeps_its_order_and_its_limit() -> None:
    async with open_line() as (line, outgoing, overflows):
        line.writable.clear()
        for n in range(6):  # one is on its way, five wait
            outgoing.offer(str(n))
        assert (line.told, overflows) == ([], [])
        line.writable.set()
        await until(lambda: len(line.told) == 6)
        outgoing.offer("6")
        assert line.told == [str(n) for n in range(7)]
        line.writable.clear()
        for n in range(20):
            outgoing.offer(str(n))
        assert overflows == [1], "said once"


async def test_who_holds_the_turn_goes_first() -> None:
    async with open_line() as (line, outgoing, _):
        async with outgoing.turn:
            outgoing.offer("newer")
            await asyncio.sleep(0)
            await line.send("missed")
        await until(lambda: line.told == ["missed", "newer"])
        outgoing.hold()
        outgoing.offer("held")
        assert line.told[2:] == []
        await until(lambda: line.told[2:] == ["held"])


@pytest.mark.parametrize("is_writable", [True, False])
async def test_a_client_that_has_gone_is_no_error(is_writable: bool) -> None:
    async with open_line() as (line, outgoing, overflows):
        line.is_gone = True
        if not is_writable:
            line.writable.clear()
        outgoing.offer("x")
        line.writable.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for n in range(50):
            outgoing.offer(str(n))
        assert (line.told, overflows) == ([], [])
