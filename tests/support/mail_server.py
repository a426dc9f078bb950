"""A mail server that speaks just enough SMTP, on a real socket, and can be told whom to refuse."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from email.message import EmailMessage
from types import TracebackType
from typing import Any, cast


class MailServer:
    """Use as a context manager. `refusals` maps an address to the SMTP code that its RCPT is answered with."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refusals: dict[str, int] = {}
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self._say("220 twin")
                for line in self.rfile:
                    verb, _, rest = line.decode().strip().partition(" ")
                    if verb.upper() == "QUIT":
                        self._say("221 bye")
                        return
                    if verb.upper() == "RCPT":
                        address = rest.partition("<")[2].partition(">")[0]
                        code = outer.refusals.get(address, 250)
                        self._say(f"{code} {'ok' if code == 250 else 'no'}")
                    elif verb.upper() == "DATA":
                        self._say("354 go on")
                        outer.taken.append(self._message())
                        self._say("250 taken")
                    else:
                        self._say("250 ok")

            def _message(self) -> EmailMessage:
                lines = []
                for line in self.rfile:
                    if line == b".\r\n":
                        break
                    lines.append(line[1:] if line.startswith(b"..") else line)
                policy = cast(Any, email.policy.default)
                return cast(EmailMessage, email.message_from_bytes(b"".join(lines), policy=policy))

            def _say(self, text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])

    def __enter__(self) -> MailServer:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
