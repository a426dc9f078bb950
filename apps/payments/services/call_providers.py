"""Carry out due operations: claim, call in threads, record in batches.

Threads call and nothing else; one hanging account holds one thread. When only hanging calls are left the run ends and
leaves them behind: their answers are written down when they come.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from apps.platform import batching, db, wake

from .. import gateway
from .carry_out import Attempt, carry_out
from .circuit import PROBES, begin_probe
from .claim import Claimed, claim
from .open_payments import CALL_PROVIDERS
from .record_attempts import record_attempts

log = logging.getLogger(__name__)
THREADS = 32
IN_HAND = 128
"""How many operations a process leases at a time: enough that the threads have work while answers are recorded."""
MOMENT = 0.02
SECONDS = 2.0
"""A run is short, since other tasks wait for the same worker; when more is due it has itself woken again."""
PATIENCE = 0.25
"""How long a run waits for slow answers while nothing else is due."""


def call_providers(*, seconds: float = SECONDS, patience: float = PATIENCE) -> int:
    """Call the providers for what is due, until nothing is or `seconds` have passed. Returns how many attempts ended.

    Commits in between: raises RuntimeError inside a transaction. Safe to run in several processes at once.
    """
    return _Callers.shared().run(seconds, patience)


def finish_calls(*, seconds: float = 30) -> bool:
    """Wait for the calls that earlier runs of this process left behind. Returns whether all have ended in time."""
    return _Callers.shared().wait(seconds)


class _Callers:
    """The calling threads of this process, shared by its runs."""

    _shared: _Callers | None = None
    _creation = threading.Lock()

    @classmethod
    def shared(cls) -> _Callers:
        with cls._creation:
            if cls._shared is None:
                cls._shared = cls()
            return cls._shared

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="provider")
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._busy = 0

    def run(self, seconds: float, patience: float) -> int:
        if db.in_transaction():
            raise RuntimeError("providers are called outside transactions only")
        run = _Run()
        until = time.monotonic() + seconds
        ended = 0
        last = time.monotonic()
        while True:
            is_time_left = time.monotonic() < until
            claimed = self._claim() if is_time_left else []
            for operation in claimed:
                run.expect()
                self._pool.submit(self._call, operation, run)
            attempts = run.collect()
            record_attempts(attempts)
            ended += len(attempts)
            if claimed or attempts:
                last = time.monotonic()
            elif run.expected == 0 or time.monotonic() - last > patience:
                break
        late = run.end()
        record_attempts(late)
        if not is_time_left:
            wake.wake(CALL_PROVIDERS)
        return ended + len(late)

    def wait(self, seconds: float) -> bool:
        with self._idle:
            return self._idle.wait_for(lambda: self._busy == 0, seconds)

    def _claim(self) -> list[Claimed]:
        """Lease as many operations as there is room for."""
        claimed: list[Claimed] = []
        for provider in gateway.names():
            with self._lock:
                free = max(0, IN_HAND - self._busy)
                self._busy += free
            got: list[Claimed] = []
            try:
                got = claim(provider, limit=free) if free else []
                if free and not got and begin_probe(provider):
                    got = claim(provider, limit=PROBES, is_probe=True)
            finally:
                with self._lock:
                    self._busy -= free - len(got)
            claimed += got
        return claimed

    def _call(self, operation: Claimed, run: _Run) -> None:
        """In a thread: carry out one operation and hand in the attempt, or record it when the run has gone on."""
        try:
            attempt = carry_out(operation)
            if not run.hand_in(attempt):
                _record_late(attempt)
        finally:
            with self._lock:
                self._busy -= 1
                self._idle.notify_all()


def _record_late(attempt: Attempt) -> None:
    """Record an answer that came after its run, together with others that do: alone, each would wait for the next."""
    try:
        _late.submit(attempt)
    except (batching.Full, batching.BatchFailed, batching.OutcomeUnknown):
        log.exception(
            "a late answer is not recorded; it is asked for again", extra={"attempt": str(attempt.operation.id)}
        )


def _record_together(attempts: Sequence[Attempt]) -> list[None]:
    connection.close_if_unusable_or_obsolete()
    record_attempts(attempts)
    return [None] * len(attempts)


_late: batching.Batcher[Attempt, None] = batching.Batcher(_record_together, name="late answers")


class _Run:
    """One run's answers. After its end nothing can be handed in any more."""

    def __init__(self) -> None:
        self._answers: queue.SimpleQueue[Attempt] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._is_over = False
        self.expected = 0

    def expect(self) -> None:
        self.expected += 1

    def hand_in(self, attempt: Attempt) -> bool:
        with self._lock:
            if not self._is_over:
                self._answers.put(attempt)
            return not self._is_over

    def collect(self) -> list[Attempt]:
        """The answers that come within a moment: writing down many costs little more than writing down one."""
        found: list[Attempt] = []
        until = time.monotonic() + MOMENT
        while len(found) < min(self.expected, IN_HAND):
            try:
                found.append(self._answers.get(timeout=max(0.0, until - time.monotonic())))
            except queue.Empty:
                break
        self.expected -= len(found)
        return found

    def end(self) -> list[Attempt]:
        with self._lock:
            self._is_over = True
        found: list[Attempt] = []
        while not self._answers.empty():
            found.append(self._answers.get_nowait())
        return found
