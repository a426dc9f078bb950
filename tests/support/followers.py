"""Clients of the live feed as the contract asks for: they keep every id, come back when they are cut off, resume after the last."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from .stack import Stack


class Follower:
    """`told` are the ids of the frames of the platform's topic, in the order they came; `began_after` the end of the feed then."""

    def __init__(self, stack: Stack) -> None:
        self.told: list[str] = []
        self.began_after = ""
        self.connections = 0
        self.is_following = threading.Event()
        self._url, self._origin = f"ws://127.0.0.1:{stack.port}/ws/notifications/", stack.url
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join(20)

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                with connect(self._url, origin=self._origin, open_timeout=10, max_size=None) as socket:  # type: ignore[arg-type]
                    self._listen(socket)
            except (OSError, ConnectionClosed, TimeoutError, InvalidStatus, EOFError):
                self.is_following.clear()
                self._stop.wait(0.1)

    def _listen(self, socket) -> None:  # type: ignore[no-untyped-def]
        welcome = json.loads(socket.recv(timeout=10))
        self.began_after = self.began_after or welcome["id"]
        socket.send(json.dumps({"type": "resume", "after": self.told[-1] if self.told else self.began_after}))
        socket.send(json.dumps({"type": "subscribe", "topics": ["platform"]}))
        self.connections += 1
        self.is_following.set()
        while not self._stop.is_set():
            try:
                frame = json.loads(socket.recv(timeout=0.5))
            except TimeoutError:
                continue
            if frame["type"] not in ("welcome", "error"):
                self.told.append(frame["id"])


@contextmanager
def following(stack: Stack, number: int) -> Iterator[list[Follower]]:
    followers = [Follower(stack) for _ in range(number)]
    try:
        for each in followers:
            assert each.is_following.wait(60)
        yield followers
    finally:
        for each in followers:
            each.end()
