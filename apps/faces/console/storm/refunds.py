"""Staff who give money back in the middle of it, two of them at once for the same gift."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import urllib3

from .journal import MADE, Journal

EVERY = 40
"""Of so many acknowledged gifts one is refunded in full."""


class Refunders:
    """Refunds gifts of the journal until told to stop. `token()` is a fresh access token of staff."""

    def __init__(self, url: str, journal: Journal, token: Callable[[], str], stop: threading.Event) -> None:
        self._url, self._journal, self._token, self._stop = url, journal, token, stop
        self._http = urllib3.PoolManager(maxsize=4, retries=False)
        self.asked = 0

    def play(self) -> None:
        """Try each gift until it is refunded; one that is not captured yet is refused and tried again later."""
        left = [entry for entry in self._journal.entries[::EVERY] if entry.wish.is_paid]
        with ThreadPoolExecutor(2) as pair:
            while left and not self._stop.is_set():
                left = [
                    entry
                    for entry in left
                    if not (entry.is_acknowledged and self._refund(pair, entry.key, min(entry.pledge_ids)))
                ]
                self._stop.wait(0.5)

    def _refund(self, pair: ThreadPoolExecutor, key: str, pledge_id: str) -> bool:
        """Two requests with keys of their own for the whole amount: one may win. Whether the gift is dealt with."""
        self.asked += 2
        answers = list(pair.map(lambda hand: self._ask(f"{key}-refund-{hand}", pledge_id), (1, 2)))
        won = [amount for status, amount in answers if status == MADE]
        for amount in won:
            self._journal.note_refund(pledge_id, amount)
        return bool(won)

    def _ask(self, key: str, pledge_id: str) -> tuple[int, int]:
        for _ in range(20):
            try:
                reply = self._http.request(
                    "POST",
                    f"{self._url}/api/v1/pledges/{pledge_id}/refunds",
                    body=json.dumps({"reason": "Given twice by mistake"}),
                    headers={
                        "Content-Type": "application/json",
                        "Idempotency-Key": key,
                        "Authorization": f"Bearer {self._token()}",
                    },
                    timeout=10.0,
                )
                if reply.status < 429:
                    told = json.loads(reply.data or b"{}")
                    return reply.status, int(told.get("amount", 0)) if reply.status == MADE else 0
            except (urllib3.exceptions.HTTPError, OSError, ValueError):  # the web is away: the same key again
                pass
            self._stop.wait(0.5)
        return 0, 0
