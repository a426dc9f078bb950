"""Group commit: what is handed in while one batch is being worked on becomes the next batch. There is no timer.

A lone item runs at once; a crowd shares one transaction. One thread per process works, the callers wait for it. Nobody
hangs: a caller waits for `patience` seconds at most, and a worker that died is noticed by those who wait and replaced.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

log = logging.getLogger(__name__)
Item = TypeVar("Item")
Result = TypeVar("Result")
SLICE = 0.5
"""How often, in seconds, those who wait look whether their worker still lives."""


class Full(Exception):
    """There is no room for more, or the item was not begun within its patience. Nothing was done."""


class BatchFailed(Exception):
    """The batch raised, so nothing of it was done; the cause says why. Each of it may be tried alone."""


class OutcomeUnknown(Exception):
    """The item was begun, and no answer came: it may have been done or not."""


class _Ticket(Generic[Item, Result]):
    __slots__ = ("ended", "error", "item", "result")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.result: Result | None = None
        self.error: Exception | None = None
        self.ended = threading.Lock()  # held until there is an answer: the cheapest thing to wait for
        self.ended.acquire()

    def end(self, result: Result | None = None, error: Exception | None = None) -> None:
        self.result, self.error = result, error
        self.ended.release()


class Batcher(Generic[Item, Result]):
    """`run(items)` gives one result for each item, in their order. It is called in a thread of its own, one call at a
    time, with at most `most` items. It may raise OutcomeUnknown; whatever else it raises means that nothing was done.
    `room` is how many may be without an answer at a time."""

    def __init__(
        self,
        run: Callable[[Sequence[Item]], Sequence[Result]],
        *,
        name: str,
        most: int = 64,
        room: int = 256,
        patience: float = 10.0,
    ) -> None:
        self.run, self.name, self.most, self.room, self.patience = run, name, most, room, patience
        self._waiting: deque[_Ticket[Item, Result]] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._unanswered = 0

    def submit(self, item: Item) -> Result:
        """Have `item` done with whatever else is waiting. Raises Full, BatchFailed, OutcomeUnknown."""
        ticket: _Ticket[Item, Result] = _Ticket(item)
        with self._changed:
            if self._unanswered >= self.room:
                raise Full(self.name)
            self._unanswered += 1
            self._waiting.append(ticket)
            self._require_worker()
            self._changed.notify()
        try:
            self._await(ticket, time.monotonic() + self.patience)
        finally:
            with self._changed:
                self._unanswered -= 1
        if ticket.error is not None:
            raise ticket.error
        return ticket.result  # type: ignore[return-value]

    def _await(self, ticket: _Ticket[Item, Result], until: float) -> None:
        while not ticket.ended.acquire(timeout=max(0.0, min(SLICE, until - time.monotonic()))):
            with self._changed:
                self._require_worker()
                if time.monotonic() < until:
                    continue
                if ticket in self._waiting:
                    self._waiting.remove(ticket)
                    raise Full(self.name)
            if ticket.ended.acquire(blocking=False):  # it ended while we looked
                return
            raise OutcomeUnknown(self.name)

    def _require_worker(self) -> None:
        """Start the worker where there is none: at first, after its death, in a forked child."""
        if self._thread is None or not self._thread.is_alive():
            if self._thread is not None:
                log.error("a batching thread has died; starting another", extra={"batcher": self.name})
            self._thread = threading.Thread(target=self._work, name=self.name, daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                taken = [self._waiting.popleft() for _ in range(min(self.most, len(self._waiting)))]
            self._do(taken)

    def _do(self, taken: Sequence[_Ticket[Item, Result]]) -> None:
        error: Exception = OutcomeUnknown(self.name)
        results: Sequence[Result] = ()
        try:
            results = self.run([ticket.item for ticket in taken])
        except OutcomeUnknown as unknown:
            error = unknown
        except Exception as failure:  # noqa: BLE001  those who wait are told
            error = BatchFailed(self.name)
            error.__cause__ = failure
        finally:  # whatever happens, nobody is left waiting
            for place, ticket in enumerate(taken):
                if place < len(results):
                    ticket.end(results[place])
                else:
                    ticket.end(error=error)
