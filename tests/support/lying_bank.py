"""Stands before the real bank and passes its calls on, or not, and lies about what came of them.

503           nothing is passed on, the answer is 503
late-503      done at the bank, the answer is 503
drop          done at the bank, the connection closes instead of an answer
half          done at the bank, half of the answer comes
hang          done at the bank, the answer comes when the lying has ended
garbage       done at the bank, the answer is not JSON
empty         done at the bank, the answer says nothing
amount        done at the bank, every amount in the answer is one more
currency      done at the bank, every currency in the answer is another
other         done at the bank, the answer speaks of another payment
keys ignored  each order is given to the bank a second time, with another key
"""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from uuid import uuid4

HOW = ("503", "late-503", "drop", "half", "hang", "garbage", "empty", "amount", "currency", "other", "keys ignored")
_LIES = {"amount": ("amount", lambda told: told + 1), "currency": ("currency", lambda _: "USD")}
_LIES |= {"other": ("reference", lambda _: str(uuid4()))}


class LyingBank:
    """`how` is one of HOW, or empty for the truth. `told` counts the lies of each kind."""

    def __init__(self, bank_port: int) -> None:
        self.bank_port = bank_port
        self.told: Counter[str] = Counter()
        self.how = ""
        self._is_honest = threading.Event()
        liar = self

        class Handler(_Handler):
            bank = liar

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        self.port = int(self._server.server_port)

    def __enter__(self) -> LyingBank:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.tell_the_truth()
        self._server.shutdown()
        self._server.server_close()

    def lie(self, how: str) -> None:
        self._is_honest.clear()
        self.how = how

    def tell_the_truth(self) -> None:
        self.how = ""
        self._is_honest.set()

    def wait_for_the_truth(self) -> None:
        self._is_honest.wait(60)

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.bank_port, timeout=30)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bank: LyingBank

    def do_GET(self) -> None:
        self._pass_on("GET", b"")

    def do_POST(self) -> None:
        self._pass_on("POST", self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _pass_on(self, method: str, body: bytes) -> None:
        how = self.bank.how
        if how:
            self.bank.told[how] += 1
        if how == "503":
            self._answer(503, b'{"code": "unavailable"}')
            return
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        status, told = self.bank.ask(method, self.path, body, headers)
        if how == "keys ignored" and method == "POST":
            self.bank.ask(method, self.path, body, headers | {"Idempotency-Key": str(uuid4())})
        self._say(how, status, told)

    def _say(self, how: str, status: int, told: bytes) -> None:
        if how == "drop":
            self.close_connection = True
        elif how == "half":
            self._answer(status, told, told[: len(told) // 2])
            self.close_connection = True
        elif how == "hang":
            self.bank.wait_for_the_truth()
            self._answer(status, told)
        elif how in _LIES:
            self._answer(status, json.dumps(_changed(json.loads(told), *_LIES[how])).encode())
        else:
            said = {"late-503": (503, b"{}"), "garbage": (status, b"{{{"), "empty": (status, b"{}")}
            self._answer(*said.get(how, (status, told)))

    def _answer(self, status: int, whole: bytes, sent: bytes | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        self.wfile.write(whole if sent is None else sent)

    def log_message(self, *args: Any) -> None:
        pass


def _changed(told: Any, name: str, change: Any) -> Any:
    """The same JSON with every value of this name changed."""
    if isinstance(told, list):
        return [_changed(each, name, change) for each in told]
    if isinstance(told, dict):
        return {key: change(each) if key == name else _changed(each, name, change) for key, each in told.items()}
    return told
