"""The donors: each on a thread, over HTTP, with an idempotency key that survives every retry."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import urllib3

from .journal import MADE, Answer, Entry, Journal
from .plan import Manner, Wish

THREADS = 48
PATIENCE = 10.0
HANGS_UP_AFTER = 0.01
GIVE_UP_AFTER = 60.0
"""Seconds after which a donor who gets no usable answer stops trying."""
NO_ANSWER = 0
TRY_AGAIN = frozenset({NO_ANSWER, 408, 409, 425, 429, 500, 502, 503, 504})


class Donors:
    """Plays the wishes of a journal against `url`. `accounts` are bank accounts that pay, for four of five who pay."""

    def __init__(
        self, url: str, journal: Journal, accounts: Sequence[str], clock: Callable[[], float], stop: threading.Event
    ) -> None:
        self._url, self._journal, self._accounts, self._clock, self._stop = url, journal, accounts, clock, stop
        self._http = urllib3.PoolManager(maxsize=2 * THREADS, retries=False)
        self._clicks = ThreadPoolExecutor(THREADS, thread_name_prefix="click")
        self.throttled = 0

    def play(self) -> None:
        """Let everyone come at their moment, and return when all are served or have given up."""
        with ThreadPoolExecutor(THREADS, thread_name_prefix="donor") as crowd:
            for entry in self._journal.entries:
                self._stop.wait(max(0.0, entry.wish.at - self._clock()))
                if self._stop.is_set():
                    break
                crowd.submit(self._come, entry)
        self._clicks.shutdown()

    def _come(self, entry: Entry) -> None:
        try:
            manner = entry.wish.manner
            if manner is Manner.DOUBLE:
                other = self._clicks.submit(self._ask, entry, PATIENCE)
                self._until_answered(entry)
                other.result()
            elif manner is Manner.IMPATIENT:
                self._ask(entry, HANGS_UP_AFTER)
                self._until_answered(entry)
            else:
                self._until_answered(entry)
            if manner is Manner.AGAIN:
                self._until_answered(entry)
            elif manner is Manner.OTHER_AMOUNT and entry.is_acknowledged:
                self._until_answered(entry, amount=entry.wish.amount + 100)
        finally:
            self._journal.finished()

    def _until_answered(self, entry: Entry, amount: int | None = None) -> None:
        until, pause = time.monotonic() + GIVE_UP_AFTER, 0.1
        while self._ask(entry, PATIENCE, amount).status in TRY_AGAIN and time.monotonic() < until:
            if self._stop.wait(pause):
                return
            pause = min(pause * 2, 3.0)

    def _ask(self, entry: Entry, patience: float, amount: int | None = None) -> Answer:
        began, at = time.monotonic(), self._clock()
        status, told = self._post(entry, patience, amount)
        named = told if isinstance(told, dict) else {}
        self.throttled += status == 429
        answer = Answer(
            at=at,
            seconds=time.monotonic() - began,
            status=status,
            pledge_id=str(named.get("id", "")) if status == MADE else "",
            token=str(named.get("tracking_token", "")),
            code=str(named.get("code", "")),
        )
        entry.answers.append(answer)
        return answer

    def _account(self, wish: Wish) -> str:
        if wish.account == "0001" and wish.number % 5 and self._accounts:
            return self._accounts[wish.number % len(self._accounts)]
        return f"4000-0000-0000-{wish.account}"

    def _post(self, entry: Entry, patience: float, amount: int | None) -> tuple[int, Any]:
        try:
            reply = self._http.request(
                "POST",
                f"{self._url}/api/v1/pledges",
                body=json.dumps(_body(entry.wish, amount, self._account(entry.wish))),
                headers={"Content-Type": "application/json", "Idempotency-Key": entry.key},
                timeout=urllib3.Timeout(connect=3.0, read=patience),
            )
            return reply.status, json.loads(reply.data or b"null")
        except (urllib3.exceptions.HTTPError, OSError):
            return NO_ANSWER, None
        except ValueError:  # an edge's own page while the web is away
            return reply.status, None


def _body(wish: Wish, amount: int | None, account: str) -> dict[str, Any]:
    is_bad = wish.manner is Manner.BAD
    return {
        "campaign": str(uuid4() if is_bad and wish.number % 3 == 0 else wish.campaign),
        "amount": wish.bad_amount if is_bad else amount or wish.amount,
        "donor": {"name": f"Storm Donor {wish.number}", "email": f"donor{wish.number}@storm.example"},
        "anonymous": wish.number % 5 == 0,
        "message": "Through the winter." if wish.number % 7 == 0 else "",
        "payment": {"provider": "bank", "account": account},
    }
