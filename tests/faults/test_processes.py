"""Processes are killed while gifts are on their way: everything arrives in the end, once, and the audit holds."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import redis

from runtime.environment import read_env
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]
GIFTS = 40

# Where the contract says that each test account ends, and within how many seconds.
ENDS = {
    "4000-0000-0000-0001": ("captured", 20),
    "4000-0000-0000-0002": ("failed", 20),
    "4000-0000-0000-0003": ("failed", 20),
    "4000-0000-0000-0010": ("captured", 30),
    "4000-0000-0000-0011": ("captured", 30),
    "4000-0000-0000-0012": ("captured", 100),
    "4000-0000-0000-0013": ("failed", 30),
    "4000-0000-0000-0014": ("captured", 90),
    "4000-0000-0000-0015": ("captured", 60),
    "4000-0000-0000-0016": ("captured", 180),
}


def test_every_test_account_ends_where_the_contract_says(stack: Stack) -> None:
    campaign = stack.open_campaign("Every account")
    gifts = {account: stack.give(campaign["id"], account=account) for account in ENDS}
    for account, (end, seconds) in ENDS.items():
        stack.wait_for(lambda account=account, end=end: stack.status_of(gifts[account]) == end, seconds)
    captured = sum(end == "captured" for end, _ in ENDS.values())
    stack.wait_for(lambda: stack.raised(campaign["id"]) == captured * 50_000)
    stack.assert_audit_holds()


@pytest.mark.parametrize("victim", ["worker", "web", "scheduler", "bank", "live"])
def test_a_killed_process_loses_no_gift(stack: Stack, victim: str) -> None:
    campaign = stack.open_campaign(f"The {victim} dies")
    keys = [str(uuid4()) for _ in range(GIFTS)]
    killed = threading.Event()

    def give_until_answered(place: int) -> dict[str, object]:
        """A donor whose request dies tries again with the same key."""
        if place == GIFTS // 2:
            stack.kill(victim)
            killed.set()

        def once() -> dict[str, object] | None:
            status, made = stack.try_to_give(campaign["id"], 10_000, "4000-0000-0000-0001", keys[place])
            return made if status == 201 else None

        return dict(stack.wait_for(once, 60))

    with ThreadPoolExecutor(4) as donors:
        gifts = list(donors.map(give_until_answered, range(GIFTS)))
    assert killed.is_set()
    assert len({gift["id"] for gift in gifts}) == GIFTS
    stack.wait_for(lambda: stack.raised(campaign["id"]) == GIFTS * 10_000, 90)
    assert {stack.status_of(gift) for gift in gifts} == {"captured"}
    stack.assert_audit_holds()


def test_a_flush_of_valkey_loses_no_gift(stack: Stack) -> None:
    campaign = stack.open_campaign("Valkey forgets")
    valkey = redis.Redis.from_url(read_env(stack.data_dir / "runtime.env")["REDIS_URL"])
    gifts = []
    for place in range(GIFTS):
        gifts.append(stack.give(campaign["id"], amount=10_000))
        if place % 10 == 5:
            valkey.flushall()
    stack.wait_for(lambda: stack.raised(campaign["id"]) == GIFTS * 10_000, 60)
    stack.assert_audit_holds()


def test_fifty_requests_with_one_key_make_one_gift(stack: Stack) -> None:
    campaign = stack.open_campaign("One intent")
    key, barrier = str(uuid4()), threading.Barrier(50)

    def give(_: int) -> tuple[int, dict[str, object]]:
        barrier.wait()
        return stack.try_to_give(campaign["id"], 10_000, "4000-0000-0000-0001", key)

    with ThreadPoolExecutor(50) as donors:
        answers = list(donors.map(give, range(50)))
    assert {status for status, _ in answers} <= {201, 409}
    assert len({made["id"] for status, made in answers if status == 201}) == 1
    stack.wait_for(lambda: stack.raised(campaign["id"]) == 10_000)
    status, other = stack.try_to_give(campaign["id"], 20_000, "4000-0000-0000-0001", key)
    assert (status, other["code"]) == (422, "idempotency-key-reused")
