"""Many websockets in one process, as cheap as they can be, so that the server is what is measured.

`python -m bench.live_clients PORT SOCKETS FRAMES FIRST_FRAME...` prints `ready` once every socket has had its first frame and
sent what it was told to, then, when each has had FRAMES more, one line of JSON: the time between the first and the last frame,
and of a sample of sockets when each frame was written, as it says itself, and when it came, on the machine's monotonic clock.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import sys
import time
from typing import cast

import uvloop

SAMPLE = 20
_TIME = re.compile(rb'"t":([\d.]+)')


class Client(asyncio.Protocol):
    ready = 0
    frames = 0
    first = last = 0.0
    came: list[tuple[float, float]] = []

    def __init__(self, port: int, number: int, say: list[bytes], done: asyncio.Event, socket_count: int) -> None:
        self.port, self.number, self.say, self.done, self.sockets = port, number, say, done, socket_count
        self.buffer = bytearray()
        self.is_open = self.is_ready = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop has a class of its own
        key = base64.b64encode(os.urandom(16)).decode()
        self.transport.write(
            f"GET /ws/notifications/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        buffer = self.buffer
        buffer += data
        if not self.is_open:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            assert b" 101 " in buffer[:end], bytes(buffer[:end])
            del buffer[: end + 4]
            self.is_open = True
        place, now = 0, time.monotonic()
        while len(buffer) >= place + 2:
            size, head = buffer[place + 1], 2
            if size == 126:
                size, head = int.from_bytes(buffer[place + 2 : place + 4], "big"), 4
            if len(buffer) < place + head + size:
                break
            opcode = buffer[place] & 15
            if opcode == 9:  # a ping: answer, or be taken for dead
                self.transport.write(_frame(bytes(buffer[place + head : place + head + size]), opcode=10))
            elif opcode == 1:
                self._got(buffer, place + head, size, now)
            place += head + size
        del buffer[:place]

    def _got(self, buffer: bytearray, start: int, size: int, now: float) -> None:
        if not self.is_ready:
            self.is_ready = True
            for each in self.say:
                self.transport.write(_frame(each))
            Client.ready += 1
            return
        Client.frames += 1
        Client.first = Client.first or now
        Client.last = now
        if self.number % SAMPLE == 0 and (found := _TIME.search(buffer, start, start + size)):
            Client.came.append((float(found[1]), now))


def _frame(payload: bytes, opcode: int = 1) -> bytes:
    """A masked frame of less than 126 bytes; the mask is zero, which leaves the payload as it is."""
    return bytes([0x80 | opcode, 0x80 | len(payload)]) + bytes(4) + payload


async def run(port: int, sockets: int, frames: int, say: list[bytes]) -> None:
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    for number in range(sockets):
        await loop.create_connection(lambda number=number: Client(port, number, say, done, sockets), "127.0.0.1", port)
    while Client.ready < sockets:
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    until = time.monotonic() + 120
    while Client.frames < sockets * frames and time.monotonic() < until:
        await asyncio.sleep(0.02)
    found = {"frames": Client.frames, "seconds": Client.last - Client.first, "came": Client.came}
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(run(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), [each.encode() for each in sys.argv[4:]]))
