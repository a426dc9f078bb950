"""Processes and servers are killed while gifts are on their way: everything arrives in the end, once, and the audit holds."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
import redis

from runtime.environment import read_env
from tests.support.faulty import kill_server, ledger_of, settle_stack
from tests.support.journal import Journal
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


def give_and(stack: Stack, title: str, trouble: Callable[[], object]) -> Journal:
    """Four donors give forty gifts and the trouble comes in the midst; whoever got no answer asks again."""
    campaign = str(stack.open_campaign(title)["id"])
    journal = Journal(stack)

    def give(place: int) -> None:
        if place == GIFTS // 2:
            trouble()
        journal.give(campaign)

    with ThreadPoolExecutor(4) as donors:
        list(donors.map(give, range(GIFTS)))
    journal.retry_unanswered()
    settle_stack(stack)
    journal.assert_holds(ledger_of(stack))
    assert {stack.status_of({"tracking_token": token}) for token in journal.tokens()} == {"captured"}
    assert stack.raised(campaign) == GIFTS * 10_000
    stack.assert_audit_holds()
    return journal


@pytest.mark.faults
def test_every_test_account_ends_where_the_contract_says(stack: Stack) -> None:
    campaign = stack.open_campaign("Every account")
    gifts = {account: stack.give(campaign["id"], account=account) for account in ENDS}
    for account, (end, seconds) in ENDS.items():
        stack.wait_for(lambda account=account, end=end: stack.status_of(gifts[account]) == end, seconds)
    captured = sum(end == "captured" for end, _ in ENDS.values())
    stack.wait_for(lambda: stack.raised(campaign["id"]) == captured * 50_000)
    stack.assert_audit_holds()


def test_a_killed_worker_loses_no_gift(stack: Stack) -> None:
    give_and(stack, "The worker dies", lambda: stack.kill("worker"))


@pytest.mark.faults
@pytest.mark.parametrize("victim", ["web", "bulk", "scheduler", "bank", "live", "edge"])
def test_a_killed_process_loses_no_gift(stack: Stack, victim: str) -> None:
    give_and(stack, f"The {victim} dies", lambda: stack.kill(victim))


@pytest.mark.faults
@pytest.mark.parametrize("victim", ["postgres", "valkey"])
def test_a_killed_server_loses_no_gift(stack: Stack, victim: str) -> None:
    give_and(stack, f"{victim} dies", lambda: kill_server(stack, victim))


@pytest.mark.faults
def test_everything_is_killed_at_once(stack: Stack) -> None:
    def power_cut() -> None:
        for victim in ("web", "bank", "worker", "bulk", "scheduler", "live"):
            stack.kill(victim)
        kill_server(stack, "valkey")
        kill_server(stack, "postgres")

    give_and(stack, "The power goes", power_cut)


def test_a_flush_of_valkey_loses_no_gift(stack: Stack) -> None:
    valkey = redis.Redis.from_url(read_env(stack.data_dir / "runtime.env")["REDIS_URL"])
    journal = give_and(stack, "Valkey forgets", valkey.flushall)
    assert not any(entry.unanswered for entry in journal.entries), "a gift needed the broker"


def test_a_double_click_on_the_checkout_makes_one_gift(stack: Stack) -> None:
    """One form, sent eight times at the same moment: every answer leads to the same gift."""
    campaign = stack.open_campaign("Clicked again and again")
    path, edge, barrier = f"/campaigns/{campaign['slug']}/give/", f"127.0.0.1:{stack.port}", threading.Barrier(8)
    opened = HTTPConnection(edge, timeout=30)
    opened.request("GET", path)
    answer = opened.getresponse()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.read().decode()))
    fields |= {"preset": "50000", "name": "Gita", "email": "gita@example.org", "account": "4000-0000-0000-0001"}
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Referer": stack.url + path}

    def click(_: int) -> tuple[int, str | None]:
        connection = HTTPConnection(edge, timeout=30)
        barrier.wait(30)
        connection.request("POST", path, urlencode(fields), sent)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location")

    with ThreadPoolExecutor(8) as clicks:
        [(status, place)] = set(clicks.map(click, range(8)))
    assert status == 302
    assert (place or "").startswith("/donations/")
    stack.wait_for(lambda: stack.raised(campaign["id"]) == 50_000)
    settle_stack(stack)
    made = ledger_of(stack).rows("SELECT status FROM pledges_pledge WHERE campaign_id = %s::uuid", [campaign["id"]])
    assert made == [{"status": "captured"}]


def test_fifty_requests_with_one_key_make_one_gift(stack: Stack) -> None:
    campaign = stack.open_campaign("One intent")
    journal, barrier = Journal(stack), threading.Barrier(50)
    entry = journal.intend(campaign["id"])

    def give(_: int) -> int:
        barrier.wait()
        return journal.ask(entry)

    with ThreadPoolExecutor(50) as donors:
        assert set(donors.map(give, range(50))) <= {201, 409}
    stack.wait_for(lambda: stack.raised(campaign["id"]) == 10_000)
    journal.assert_holds(ledger_of(stack))
    status, other = stack.try_to_give(campaign["id"], 20_000, "4000-0000-0000-0001", entry.key)
    assert (status, other["code"]) == (422, "idempotency-key-reused")
