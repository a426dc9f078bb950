"""Donors give while something breaks; afterwards all is whole, quiet, and accounted for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.support.faulty import FaultyStack
from tests.support.journal import Journal

GIFTS, DONORS, AMOUNT = 24, 4, 10_000


def give_while(faulty: FaultyStack, title: str, trouble: Callable[[], None], *, gifts: int = GIFTS) -> Journal:
    """`trouble` happens in the midst of the gifts; every one of them is captured in the end."""
    campaign = str(faulty.stack.open_campaign(title)["id"])
    journal = Journal(faulty.stack)
    with ThreadPoolExecutor(DONORS + 1) as donors:
        first = donors.map(lambda _: journal.give(campaign), range(gifts // 2))
        in_trouble = donors.submit(trouble)
        second = donors.map(lambda _: journal.give(campaign), range(gifts - gifts // 2))
        list(first), list(second), in_trouble.result()
    faulty.heal()
    journal.retry_unanswered()
    assert_all_is_well(faulty, journal)
    assert faulty.stack.raised(campaign) == gifts * AMOUNT
    return journal


def assert_all_is_well(faulty: FaultyStack, journal: Journal, seconds: float = 90) -> None:
    """Nothing waits any more, what clients were told is true, and every invariant holds."""
    faulty.settle(seconds)
    journal.assert_holds(faulty.ledger)
    faulty.assert_audit_holds()


def pause(seconds: float) -> None:
    """How long a fault lasts."""
    threading.Event().wait(seconds)
