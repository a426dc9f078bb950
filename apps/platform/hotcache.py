"""A cache in process memory for what everyone reads: ready values, a second old at most, one load however many ask.

`get` returns a fresh value at once. When it has gone stale one caller loads it anew while the others are served the
stale one; on a cold key all wait for that one load. When loading fails, a stale value is served for a little longer.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass
class _Entry(Generic[Value]):
    value: Value
    fresh_until: float


class HotCache(Generic[Value]):
    """At most `size` values, each fresh for `seconds`. What a loader raises is raised and never kept."""

    def __init__(self, *, seconds: float = 1.0, grace: float = 30.0, size: int = 4096) -> None:
        self.seconds, self.grace, self.size = seconds, grace, size
        self._entries: OrderedDict[str, _Entry[Value]] = OrderedDict()
        self._loading: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._generation = 0

    def get(self, key: str, load: Callable[[], Value]) -> Value:
        entry = self._entries.get(key)
        now = time.monotonic()
        if entry is not None and entry.fresh_until > now:
            return entry.value
        with self._lock:
            loading = self._loading.setdefault(key, threading.Lock())
        if entry is not None and not loading.acquire(blocking=False):
            return entry.value
        if entry is None:
            loading.acquire()
        try:
            current = self._entries.get(key)
            if current is not None and current.fresh_until > time.monotonic():
                return current.value
            return self._load(key, load, stale=current if current and now < current.fresh_until + self.grace else None)
        finally:
            loading.release()

    def forget(self, key: str) -> None:
        """Load `key` anew at its next use; a load that began before is not kept."""
        with self._lock:
            self._generation += 1
            self._entries.pop(key, None)

    def clear(self) -> None:
        with self._lock:
            self._generation += 1
            self._entries.clear()

    def _load(self, key: str, load: Callable[[], Value], stale: _Entry[Value] | None) -> Value:
        generation = self._generation
        try:
            value = load()
        except LookupError:
            raise
        except Exception:
            if stale is None:
                raise
            return stale.value
        with self._lock:
            if generation == self._generation:
                self._entries[key] = _Entry(value, time.monotonic() + self.seconds)
                if len(self._entries) > self.size:
                    gone, _ = self._entries.popitem(last=False)
                    self._loading.pop(gone, None)
        return value
