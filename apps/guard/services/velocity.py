"""How often one address or one e-mail address tried lately, in this process. Approximate, bounded, never stored."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

REMEMBERED, WINDOW_SECONDS = 20_000, 600.0


class Velocity:
    """`exceeds(key)` counts one more try and tells whether it is more than `most` in the window."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._tries: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def exceeds(self, key: str) -> bool:
        now = time.monotonic()
        with self._lock:
            began, tries = self._tries.pop(key, (now, 0))
            if now - began > WINDOW_SECONDS:
                began, tries = now, 0
            self._tries[key] = (began, tries + 1)
            if len(self._tries) > REMEMBERED:
                self._tries.popitem(last=False)
        return tries + 1 > self.most
