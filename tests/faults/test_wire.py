"""The way of a gift is cut at each of its statements, before the database heard it and after, everywhere on the way."""

from __future__ import annotations

import pytest

from tests.support.faulty import FaultyStack
from tests.support.journal import Journal
from tests.support.wire import Way

from .giving import assert_all_is_well

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faulty")]
SIDES = ("before", "after")


def cuts_of(ways: list[Way]) -> list[tuple[Way, str]]:
    """Each place once. To be cut before the second statement and after the first is the same to a transaction that has
    begun with nothing but BEGIN, and BEGIN alone tells no transaction from another."""
    places = {way[:at]: None for way in ways for at in range(1, len(way) + 1) if at > 1 or len(way) == 1}
    return [(place, side) for place in places for side in SIDES]


def learn_request(faulty: FaultyStack, journal: Journal, campaign: str) -> list[Way]:
    faulty.cutter.learn()
    entry = journal.give(campaign)
    ways = faulty.cutter.learned(entry.key)
    assert ways, "no transaction of the request was seen"
    return ways


@pytest.fixture
def campaign(faulty: FaultyStack) -> str:
    return str(faulty.stack.open_campaign("The wire is cut")["id"])


@pytest.fixture
def journal(faulty: FaultyStack) -> Journal:
    return Journal(faulty.stack)


def assert_all_arrives(faulty: FaultyStack, journal: Journal, campaign: str) -> None:
    journal.retry_unanswered()
    assert_all_is_well(faulty, journal)
    assert faulty.stack.raised(campaign) == sum(entry.amount for entry in journal.entries)


def test_a_request_cut_at_each_statement(faulty: FaultyStack, journal: Journal, campaign: str) -> None:
    places = cuts_of(learn_request(faulty, journal, campaign))
    assert len(places) >= 6
    for place, side in places:
        faulty.cutter.arm(place, side)
        journal.give(campaign)
        assert faulty.cutter.was_cut.wait(5), f"never cut {side} {place[-1]!r}"
    assert_all_arrives(faulty, journal, campaign)


def test_web_killed_at_each_statement(faulty: FaultyStack, journal: Journal, campaign: str) -> None:
    for place, side in cuts_of(learn_request(faulty, journal, campaign)):
        if side == "after":
            faulty.cutter.arm(place, side, and_then=lambda: faulty.stack.kill("web"))
            journal.give(campaign)
            assert faulty.cutter.was_cut.wait(5), f"never cut {side} {place[-1]!r}"
            journal.retry_unanswered()
    assert_all_arrives(faulty, journal, campaign)


def test_the_whole_way_of_a_gift_cut_at_each_statement(faulty: FaultyStack, journal: Journal, campaign: str) -> None:
    """Workers, bank and inbox too: what was cut is found again, and the money is taken once."""
    faulty.settle()
    faulty.cutter.learn()
    entry = journal.give(campaign)
    faulty.settle()
    [payment] = faulty.ledger.rows("SELECT id FROM payments_payment WHERE reference = %s::uuid", [entry.answers[0]])
    hits, places = 0, cuts_of(faulty.cutter.learned(entry.key, entry.answers[0], str(payment["id"])))
    for place, side in places:
        faulty.cutter.arm(place, side)
        journal.give(campaign)
        hits += faulty.cutter.was_cut.wait(3)
        faulty.cutter.disarm()
        faulty.ledger.hurry()
    assert len(places) > 40
    assert hits > len(places) * 0.8, f"only {hits} of {len(places)} places were reached"
    assert_all_arrives(faulty, journal, campaign)
