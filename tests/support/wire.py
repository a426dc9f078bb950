"""Reads PostgreSQL's protocol on a proxy's connections, so that one transaction can be cut at each of its statements.

    cutter.learn()                      let everything pass and remember the transactions
    ways = cutter.learned("key")        those in which this was said, by statement or answer
    cutter.arm(ways[0][:3], "before")   the third statement of the first of them never reaches the database
    cutter.arm(ways[0][:3], "after")    the database carries it out, and the answer is lost

What a transaction is, the server says itself: it begins and ends where ReadyForQuery reports an idle connection.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .proxy import Cut

Way = tuple[bytes, ...]
_LITERALS = re.compile(rb"'(?:[^']|'')*'|\b\d+\b|\bs\d+_x\d+\b")
_SPACE = re.compile(rb"\s+")
_STATEMENTS = b"QP"  # Query, Parse
_GO_ON = b"ZGWH"  # ReadyForQuery and the answers to COPY: the client waits for these


def _nothing() -> None:
    return


class Cutter:
    """The plan for all connections of one proxy. Armed, it cuts one connection and is disarmed."""

    def __init__(self) -> None:
        self.was_cut = threading.Event()
        self._seen: list[Transaction] | None = None
        self._prefix: Way = ()
        self._side = ""
        self._and_then: Callable[[], None] = _nothing

    def watch(self) -> _Connection:
        return _Connection(self)

    def learn(self) -> None:
        """From now on remember every transaction."""
        self._seen = []

    def learned(self, *markers: str) -> list[Way]:
        """The ways of those remembered that had to do with one of the markers, each once; nothing is remembered any more."""
        seen, self._seen = self._seen or [], None
        ways = [each.way for each in seen if any(marker.encode() in each.said for marker in markers)]
        return list(dict.fromkeys(ways))

    def arm(self, prefix: Way, side: str, and_then: Callable[[], None] = _nothing) -> None:
        """Cut the next transaction that begins like this at the last of these statements; `and_then` runs at that moment."""
        self._and_then, self._side, self._prefix = and_then, side, prefix
        self.was_cut.clear()

    def disarm(self) -> None:
        self._prefix = ()

    def ended(self, transaction: Transaction) -> None:
        if self._seen is not None:
            self._seen.append(transaction)

    def cut_if_due(self, way: list[bytes], side: str) -> None:
        if self._prefix and side == self._side and tuple(way) == self._prefix:
            self.disarm()
            self._and_then()
            self.was_cut.set()
            raise Cut


@dataclass
class Transaction:
    """The shapes of its statements, and all that was said in it by both."""

    way: Way
    said: bytes


class _Connection:
    def __init__(self, cutter: Cutter) -> None:
        self._cutter = cutter
        self._sent, self._answered = bytearray(), bytearray()
        self._is_open = False
        self._bare_answers = 0
        self._held = b""
        self._way: list[bytes] = []
        self._said = bytearray()

    def up(self, data: bytes) -> bytes:
        self._sent += data
        passed = b"" if self._is_open else self._greeting()
        if self._is_open:
            for frame in _frames(self._sent):
                if frame[0] in _STATEMENTS:
                    self._way.append(_shape(frame[5:]))
                    self._cutter.cut_if_due(self._way, "before")
                self._said += frame
                passed += frame
        return passed

    def down(self, data: bytes) -> bytes:
        passed = b""
        if self._bare_answers and data:  # the one letter that answers a request for encryption
            self._bare_answers -= 1
            passed, data = data[:1], data[1:]
        self._answered += data
        for frame in _frames(self._answered):
            self._held += frame
            self._said += frame
            if frame[0] == ord("Z"):
                self._cutter.cut_if_due(self._way, "after")
                if frame[5:6] == b"I":
                    self._cutter.ended(Transaction(tuple(self._way), bytes(self._said)))
                    self._way, self._said = [], bytearray()
            if frame[0] in _GO_ON:
                passed += self._held
                self._held = b""
        return passed

    def _greeting(self) -> bytes:
        """The packets without a type that come before the session: requests for encryption, then the start itself."""
        passed = b""
        while len(self._sent) >= 8 and len(self._sent) >= (size := int.from_bytes(self._sent[:4])):
            packet, code = bytes(self._sent[:size]), int.from_bytes(self._sent[4:8])
            del self._sent[:size]
            passed += packet
            if code in (80877103, 80877104):
                self._bare_answers += 1
            else:
                self._is_open = True
                break
        return passed


def _frames(buffer: bytearray) -> Iterator[bytes]:
    """The whole messages at the buffer's beginning, taken out of it."""
    while len(buffer) >= 5 and len(buffer) >= (size := 1 + int.from_bytes(buffer[1:5])):
        frame = bytes(buffer[:size])
        del buffer[:size]
        yield frame


def _shape(statement: bytes) -> bytes:
    """The statement without its values."""
    return _SPACE.sub(b" ", _LITERALS.sub(b"?", statement)).strip(b"\0 ")[:200]
