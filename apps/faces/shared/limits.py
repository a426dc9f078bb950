"""Rate limits: a token bucket per caller in this process, so that they hold with Redis gone as well."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from django.conf import settings
from django.http import HttpRequest

from apps.platform.errors import TooManyRequests

REMEMBERED = 20_000


def client_address(request: HttpRequest) -> str:
    """The address that our edge saw; without an edge, the peer's."""
    return request.META.get("HTTP_X_REAL_IP") or request.META.get("REMOTE_ADDR", "")


class Limit:
    """`burst` at once, then `per_second` on average, for each key. The least recent keys are forgotten first."""

    def __init__(self, *, burst: int, per_second: float) -> None:
        self.burst, self.per_second = burst, per_second
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Take one token. Raises TooManyRequests with the seconds to wait. Does nothing when limits are off."""
        if not settings.RATE_LIMITS:
            return
        now = time.monotonic()
        with self._lock:
            tokens, at = self._buckets.pop(key, (float(self.burst), now))
            tokens = min(float(self.burst), tokens + (now - at) * self.per_second)
            self._buckets[key] = (tokens - 1 if tokens >= 1 else tokens, now)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        if tokens < 1:
            raise TooManyRequests(retry_after=max(1, int((1 - tokens) / self.per_second) + 1))

    def give_back(self, key: str) -> None:
        """Return a token that was taken for something that turned out harmless."""
        with self._lock:
            if key in self._buckets:
                tokens, at = self._buckets[key]
                self._buckets[key] = (min(float(self.burst), tokens + 1), at)
