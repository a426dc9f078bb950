"""The ways between the processes break while donors give: databases, broker, bank, and the bank's webhooks."""

from __future__ import annotations

import pytest
import redis

from tests.support.faulty import FaultyStack
from tests.support.journal import Journal
from tests.support.proxy import Proxy

from .giving import assert_all_is_well, give_while, pause

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faulty")]


def put(proxy: Proxy, mode: str, seconds: float) -> None:
    proxy.mode = mode
    if mode == "refuse":
        proxy.reset()
    pause(seconds)
    proxy.heal()


def test_connections_to_the_database_are_reset_again_and_again(faulty: FaultyStack) -> None:
    cut: list[int] = []

    def trouble() -> None:
        for _ in range(8):
            pause(0.3)
            cut.append(faulty.database.reset())

    give_while(faulty, "Resets", trouble)
    assert sum(cut) > 0, "nothing was connected in any of the eight moments"


@pytest.mark.parametrize("mode", ["hole", "refuse", "lose", "half"])
def test_the_way_to_the_database_breaks_for_seconds(faulty: FaultyStack, mode: str) -> None:
    give_while(faulty, f"Database: {mode}", lambda: put(faulty.database, mode, 4))


def test_a_slow_way_to_the_database(faulty: FaultyStack) -> None:
    def trouble() -> None:
        faulty.database.latency = 0.1
        pause(4)

    journal = give_while(faulty, "A slow database", trouble, gifts=12)
    assert not any(entry.unanswered for entry in journal.entries)


@pytest.mark.parametrize("mode", ["hole", "refuse", "lose", "half"])
def test_the_way_to_valkey_breaks_and_nobody_waits_for_it(faulty: FaultyStack, mode: str) -> None:
    journal = give_while(faulty, f"Valkey: {mode}", lambda: put(faulty.valkey, mode, 5))
    assert not any(entry.unanswered for entry in journal.entries), "a gift needed the broker"


def test_gifts_arrive_while_valkey_hangs(faulty: FaultyStack) -> None:
    campaign = str(faulty.stack.open_campaign("Valkey hangs")["id"])
    journal = Journal(faulty.stack)
    faulty.hang("valkey")
    try:
        given = [journal.give(campaign) for _ in range(5)]
        assert all(len(entry.answers) == 1 for entry in given)
        faulty.stack.wait_for(lambda: faulty.stack.raised(campaign) == 50_000, 60)
    finally:
        faulty.heal()
    assert_all_is_well(faulty, journal)


def test_valkey_is_full(faulty: FaultyStack) -> None:
    valkey = redis.Redis.from_url(faulty.urls["REDIS_URL"])

    def trouble() -> None:
        valkey.config_set("maxmemory", "1mb")
        pause(5)
        valkey.config_set("maxmemory", "0")

    journal = give_while(faulty, "Valkey is full", trouble)
    assert not any(entry.unanswered for entry in journal.entries)


def test_valkey_is_flushed_again_and_again(faulty: FaultyStack) -> None:
    valkey = redis.Redis.from_url(faulty.urls["REDIS_URL"])

    def trouble() -> None:
        for _ in range(10):
            pause(0.3)
            valkey.flushall()

    journal = give_while(faulty, "Valkey forgets", trouble)
    assert not any(entry.unanswered for entry in journal.entries)


@pytest.mark.parametrize("mode", ["hole", "refuse", "lose", "half"])
def test_the_way_to_the_bank_breaks(faulty: FaultyStack, mode: str) -> None:
    """`lose` is the bank that charged and never said so."""
    give_while(faulty, f"The bank: {mode}", lambda: put(faulty.bank, mode, 5))


def test_a_bank_that_answers_too_late(faulty: FaultyStack) -> None:
    def trouble() -> None:
        faulty.bank.latency = 4.0
        pause(8)

    give_while(faulty, "A slow bank", trouble, gifts=12)


@pytest.mark.parametrize("mode", ["refuse", "lose"])
def test_webhooks_are_lost_or_come_again(faulty: FaultyStack, mode: str) -> None:
    """`lose` stores each webhook and has the bank believe that it was not taken: it comes again."""
    give_while(faulty, f"Webhooks: {mode}", lambda: put(faulty.door, mode, 6))
