"""What an event loop reaches that does nothing but write the same frame to every socket: the ceiling for the measure `live`.

`python -m bench.bare_fan_out PORT SOCKETS FRAMES SIZE`: once SOCKETS have come and stdin says a line, FRAMES go to each.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import sys
from typing import cast

import uvloop

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_KEY = re.compile(rb"Sec-WebSocket-Key: (\S+)")


class Server(asyncio.Protocol):
    transports: list[asyncio.Transport] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop has a class of its own

    def data_received(self, data: bytes) -> None:
        if found := _KEY.search(data):
            accept = base64.b64encode(hashlib.sha1(found[1] + GUID).digest())
            answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            self.transport.write(answer + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n" + frame(b"{}"))
            self.transports.append(self.transport)


def frame(payload: bytes) -> bytes:
    size = len(payload)
    return bytes([0x81, size]) + payload if size < 126 else b"\x81\x7e" + size.to_bytes(2, "big") + payload


async def run(port: int, frames: int, size: int) -> None:
    loop = asyncio.get_running_loop()
    await loop.create_server(Server, "127.0.0.1", port, backlog=1024)
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.readline)
    payload = frame(b"x" * size)
    for _ in range(frames):
        for transport in Server.transports:
            transport.write(payload)
        await asyncio.sleep(0)
    await loop.run_in_executor(None, sys.stdin.readline)


if __name__ == "__main__":
    uvloop.run(run(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
