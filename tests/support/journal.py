"""What the clients of a broken system were told, kept outside of it, to be compared with its database afterwards."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from uuid import uuid4

from .ledger import Ledger
from .stack import Stack

PAYS = "4000-0000-0000-0001"
REFUSALS = {400, 401, 402, 403, 404, 413, 422}


@dataclass
class Entry:
    """One intent to give. `answers` are the ids that a 201 named; a refusal is final, everything else is no answer."""

    key: str
    campaign: str
    amount: int
    account: str
    answers: list[str] = field(default_factory=list)
    refused: int = 0
    unanswered: int = 0
    token: str = ""
    capture: str = "automatic"


class Journal:
    """Asks in the name of many donors and writes down what became of each intent."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.entries: list[Entry] = []
        self._lock = threading.Lock()

    def intend(self, campaign: str, amount: int = 10_000, account: str = PAYS, capture: str = "automatic") -> Entry:
        entry = Entry(str(uuid4()), campaign, amount, account, capture=capture)
        with self._lock:
            self.entries.append(entry)
        return entry

    def ask(self, entry: Entry) -> int:
        """One request; returns its status, 0 when the connection broke."""
        try:
            status, body = self.stack.try_to_give(
                entry.campaign, entry.amount, entry.account, entry.key, capture=entry.capture
            )
        except (OSError, HTTPException):
            status, body = 0, None
        self._note(entry, status, body)
        return status

    def give(self, campaign: str, amount: int = 10_000, account: str = PAYS, capture: str = "automatic") -> Entry:
        entry = self.intend(campaign, amount, account, capture)
        self.ask(entry)
        return entry

    def retry_unanswered(self, seconds: float = 60) -> None:
        """Every donor without an answer asks again, with the same key, until there is one."""
        for entry in self.entries:
            if not entry.answers and not entry.refused:
                self.stack.wait_for(lambda entry=entry: self.ask(entry) and (entry.answers or entry.refused), seconds)

    def assert_holds(self, ledger: Ledger) -> None:
        """Acknowledged is there, once; refused is not; the unanswered got one and the same answer; nobody paid twice."""
        found = ledger.pledges_by_key([entry.key for entry in self.entries])
        for entry in self.entries:
            ids = found.get(entry.key, [])
            if entry.refused and not entry.answers:
                assert ids == [], f"refused with {entry.refused}, but there: {entry}"
            else:
                assert entry.answers, f"never answered: {entry}"
                assert len(set(entry.answers)) == 1, f"two answers for one intent: {entry}"
                assert ids == [entry.answers[0]], f"acknowledged, but the database says {ids}: {entry}"
        ledger.assert_one_charge_each([entry.answers[0] for entry in self.entries if entry.answers])

    def tokens(self) -> Sequence[str]:
        """The tracking tokens of those who were answered."""
        return [entry.token for entry in self.entries if entry.answers]

    def _note(self, entry: Entry, status: int, body: Any) -> None:
        with self._lock:
            if status == 201:
                entry.answers.append(str(body["id"]))
                entry.token = str(body["tracking_token"])
            elif status in REFUSALS or (status == 409 and body["code"] != "idempotency-key-in-use"):
                entry.refused = status
            else:
                entry.unanswered += 1
