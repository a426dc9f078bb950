"""The server's end of a websocket, with one thing more: a frame that is encoded already is written as it is.

One entry goes to every socket of the process. Encoding it for each and walking through the server's coroutines for each was a
third of the work (docs/decisions/0192). Under a server without this, sockets are sent to in the ordinary way.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from apps.faces.live.outgoing import WRITE


class LiveProtocol(WebSocketsSansIOProtocol):
    scope: Any

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:  # it is where the handshake was refused
            self.scope["extensions"][WRITE] = {"write": self.write}

    def write(self, wire: bytes) -> bool:
        """Write a whole encoded frame, if this socket takes it at this moment. False where it has to wait or is closing."""
        if not self.handshake_complete or self.close_sent or self.disconnected or self.transport.is_closing():
            return False
        if not self.writable.is_set():
            return False
        self.transport.write(wire)
        return True
