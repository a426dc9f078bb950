"""A cache in process memory for what everyone reads: ready values, a second old at most, one load however many ask.

`get` returns a fresh value at once. When it has just gone stale one caller loads it anew while the others are served the
stale one; on a cold key, or one that nobody read for a while, all wait for that one load. When loading fails, a stale
value is served for a little longer; a refusal (there is no such thing any more) is an answer, not a failure.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from .errors import Refused

Value = TypeVar("Value")


@dataclass
class _Entry(Generic[Value]):
    value: Value
    fresh_until: float


@dataclass
class _Turn:
    """One load of a key; kept only while somebody loads or waits, so that asking for unknown keys leaves nothing behind."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    callers: int = 0


class HotCache(Generic[Value]):
    """At most `size` values, each fresh for `seconds`. What a loader raises is raised and never kept."""

    def __init__(self, *, seconds: float = 1.0, grace: float = 30.0, size: int = 4096) -> None:
        self.seconds, self.grace, self.size = seconds, grace, size
        self._entries: OrderedDict[str, _Entry[Value]] = OrderedDict()
        self._turns: dict[str, _Turn] = {}
        self._lock = threading.Lock()
        self._generation = 0

    def get(self, key: str, load: Callable[[], Value]) -> Value:
        entry = self._entries.get(key)
        now = time.monotonic()
        if entry is not None and entry.fresh_until > now:
            return entry.value
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.callers += 1
        try:
            if entry is not None and now < entry.fresh_until + self.seconds:
                if not turn.lock.acquire(blocking=False):
                    return entry.value
            else:
                turn.lock.acquire()
            try:
                return self._load(key, load)
            finally:
                turn.lock.release()
        finally:
            with self._lock:
                turn.callers -= 1
                if not turn.callers:
                    del self._turns[key]

    def forget(self, key: str) -> None:
        """Load `key` anew at its next use; a load that began before is not kept."""
        with self._lock:
            self._generation += 1
            self._entries.pop(key, None)

    def clear(self) -> None:
        with self._lock:
            self._generation += 1
            self._entries.clear()

    def _load(self, key: str, load: Callable[[], Value]) -> Value:
        stale, generation, now = self._entries.get(key), self._generation, time.monotonic()
        if stale is not None and stale.fresh_until > now:  # loaded while we waited for our turn
            return stale.value
        try:
            value = load()
        except Refused:
            with self._lock:
                self._entries.pop(key, None)
            raise
        except Exception:
            if stale is None or now > stale.fresh_until + self.grace:
                raise
            return stale.value
        with self._lock:
            if generation == self._generation:
                self._entries[key] = _Entry(value, time.monotonic() + self.seconds)
                self._entries.move_to_end(key)
                if len(self._entries) > self.size:
                    self._entries.popitem(last=False)
        return value
