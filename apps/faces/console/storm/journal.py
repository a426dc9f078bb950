"""What donors asked and what they were told, written down on their side: the books are compared with it afterwards."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from .plan import Manner, Wish

MADE = 201


@dataclass(frozen=True)
class Answer:
    """One HTTP exchange: when it began, how long it took, its status (0: none came), and what it named."""

    at: float
    seconds: float
    status: int
    pledge_id: str = ""
    token: str = ""
    code: str = ""


@dataclass
class Entry:
    """One donor's side of the story."""

    wish: Wish
    key: str
    answers: list[Answer] = field(default_factory=list)

    @property
    def pledge_ids(self) -> set[str]:
        return {answer.pledge_id for answer in self.answers if answer.status == MADE}

    @property
    def is_acknowledged(self) -> bool:
        return bool(self.pledge_ids)

    @property
    def is_refused(self) -> bool:
        return not self.is_acknowledged and any(400 <= answer.status < 500 for answer in self.answers[-1:])


class Journal:
    """The entries of all donors. Threads write, each its own entry."""

    def __init__(self, run: str, wishes: Sequence[Wish]) -> None:
        self.run = run
        self.entries = [Entry(wish, f"storm-{run}-{wish.number}") for wish in wishes]
        self.refunded: dict[str, int] = {}
        self._lock = threading.Lock()
        self.done = 0

    def finished(self) -> None:
        with self._lock:
            self.done += 1

    def note_refund(self, pledge_id: str, amount: int) -> None:
        with self._lock:
            self.refunded[pledge_id] = self.refunded.get(pledge_id, 0) + amount

    def answers(self) -> list[Answer]:
        return [answer for entry in self.entries for answer in list(entry.answers)]

    def counts(self) -> dict[str, int]:
        acknowledged = sum(entry.is_acknowledged for entry in self.entries)
        refused = sum(entry.is_refused for entry in self.entries)
        return {
            "donors": len(self.entries),
            "requests": sum(len(entry.answers) for entry in self.entries),
            "acknowledged": acknowledged,
            "refused": refused,
            "unanswered": len(self.entries) - acknowledged - refused,
        }


def broken_promises(journal: Journal) -> list[str]:
    """What is wrong with the answers alone, before any book is opened."""
    found = []
    for entry in journal.entries:
        if len(entry.pledge_ids) > 1:
            found.append(
                f"key {entry.key} was answered with {len(entry.pledge_ids)} pledges: {sorted(entry.pledge_ids)}"
            )
        if entry.wish.manner is Manner.BAD and entry.is_acknowledged:
            found.append(f"key {entry.key} was acknowledged although it could not be used")
        if entry.wish.manner is Manner.OTHER_AMOUNT and entry.is_acknowledged and entry.answers[-1].status == MADE:
            found.append(f"key {entry.key} was accepted for another amount")
    return found
