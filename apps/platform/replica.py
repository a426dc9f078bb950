"""Reads that may be a moment old go to a streaming replica (REPLICA_DATABASE_URL), where there is one.

Marked with `may_be_stale` are lists, searches and reports; nothing that decides about money. They go there for readers of
pages and API only (`reading`), not inside a transaction, not for whoever has just written, and not while the replica is away
or further behind than settings.REPLICA_MAX_LAG_SECONDS. What fails there is asked of the primary again: nobody sees that it
is gone.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import psycopg
from django import db
from django.conf import settings
from django.db import connections
from prometheus_client import Counter

log = logging.getLogger(__name__)
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
ALIAS, PRIMARY = "replica", "default"
LOOK_SECONDS = 0.5
VERDICT_SECONDS = 2.0
"""How long a look is believed: a replica that hangs is left alone after this."""
_reading: ContextVar[bool] = ContextVar("reading_from_replica", default=False)
_is_reader: ContextVar[bool] = ContextVar("may_read_from_replica", default=False)
_reads = Counter("careforall_stale_reads", "Reads that may be stale, by where they were answered.", ("database",))


def is_configured() -> bool:
    """Whether this installation has a replica."""
    return ALIAS in connections.settings


def memory_seconds() -> float:
    """How long after a write its writer has to read from the primary. By then a replica that is used has replayed it: it was
    at most the allowed lag behind when it was looked at, and that look is no older than a verdict lives."""
    return float(settings.REPLICA_MAX_LAG_SECONDS) + VERDICT_SECONDS + 1.0


@contextmanager
def reading() -> Iterator[None]:
    """The block serves somebody who has not written of late. Workers and commands, which act on what they read, have none."""
    token = _is_reader.set(True)
    try:
        yield
    finally:
        _is_reader.reset(token)


def may_be_stale(read: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Let a function that only reads, and answers with ready values, be answered by the replica."""

    @wraps(read)
    def answered(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        if not _is_reader.get() or _reading.get():
            return read(*args, **kwargs)
        if is_usable():
            token = _reading.set(True)
            try:
                answer = read(*args, **kwargs)
                _reads.labels("replica").inc()
                return answer
            except (db.OperationalError, db.InterfaceError, db.InternalError) as error:
                log.warning("replica did not answer", extra={"error": type(error).__name__})
                _watch.distrust()
            finally:
                _reading.reset(token)
        _reads.labels("primary").inc()
        return read(*args, **kwargs)

    return answered


def is_usable() -> bool:
    """Whether the replica may be read from here and now, by whoever may read from it."""
    return is_configured() and not connections[PRIMARY].in_atomic_block and _watch.is_well()


def place(using: str = PRIMARY) -> str:
    """Where a read of the platform's database goes: the replica inside a `may_be_stale`, else `using`."""
    return ALIAS if using == PRIMARY and _reading.get() else using


def lag_seconds() -> float | None:
    """How far the replica was behind at the last look, at most; None when it was not seen at all."""
    return _watch.lag()


class _Watch:
    """One thread a process that asks both servers how far they are, so that no request ever waits for a look.

    The lag is a time, not a clock's: the age of the newest position of the primary that the replica has replayed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._seen: deque[tuple[float, int]] = deque(maxlen=256)
        self._lag: float | None = None
        self._looked_at = float("-inf")

    def is_well(self) -> bool:
        lag = self.lag()
        return lag is not None and lag <= settings.REPLICA_MAX_LAG_SECONDS

    def lag(self) -> float | None:
        if self._thread is None or not self._thread.is_alive():  # a forked child has no threads of its parent
            with self._lock:
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(target=self._run, name="replica", daemon=True)
                    self._thread.start()
        return self._lag if time.monotonic() - self._looked_at < VERDICT_SECONDS else None

    def distrust(self) -> None:
        """Something failed there: use it no more until it is looked at again."""
        self._looked_at = float("-inf")

    def _run(self) -> None:
        pause = threading.Event()
        ours: dict[str, psycopg.Connection[Any]] = {}
        while is_configured():
            try:
                self._look(ours)
            except psycopg.Error as error:
                if self._lag is not None:
                    log.warning("replica cannot be used", extra={"error": type(error).__name__})
                self._lag = None
                for each in ours.values():
                    each.close()
                ours.clear()
            pause.wait(LOOK_SECONDS)
        for each in ours.values():
            each.close()

    def _look(self, ours: dict[str, psycopg.Connection[Any]]) -> None:
        for alias in (PRIMARY, ALIAS):
            if alias not in ours:
                ours[alias] = _connect(alias)
        now = time.monotonic()
        written = _ask(ours[PRIMARY], "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint")[0]
        self._seen.append((now, written))
        follows, replayed = _ask(
            ours[ALIAS], "SELECT pg_is_in_recovery(), pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint"
        )
        reached = [at for at, position in self._seen if replayed is not None and position <= replayed]
        # Promoted, it goes its own way: what is written here never reaches it.
        self._lag = now - max(reached) if follows and reached else None
        self._looked_at = now


def _connect(alias: str) -> psycopg.Connection[Any]:
    """A connection of its own, outside every pool: a pool may be full of those who wait for the replica."""
    known = connections.settings[alias]
    return psycopg.connect(
        host=known["HOST"],
        port=known["PORT"],
        user=known["USER"],
        password=known["PASSWORD"],
        dbname=known["NAME"],
        connect_timeout=2,
        autocommit=True,
    )


def _ask(connection: psycopg.Connection[Any], sql: Any) -> tuple[Any, ...]:
    row = connection.execute(sql).fetchone()
    assert row
    return tuple(row)


_watch = _Watch()
