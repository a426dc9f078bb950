"""Every process is replaced while donors give and watch: no request is lost, no frame is missed, and the audit holds."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import pytest

from runtime.environment import read_env
from tests.runtime.processes import living
from tests.support.faulty import ledger_of, settle_stack
from tests.support.followers import following
from tests.support.journal import Journal
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.faults, pytest.mark.xdist_group("stack")]
KINDS = ("web", "bank", "live", "worker", "bulk", "scheduler")


def pids(stack: Stack) -> dict[str, int]:
    return {name: stack.pid(name) for name in KINDS}


def test_a_renewal_loses_no_request_and_no_frame(tmp_path: Path) -> None:
    with Stack(tmp_path) as own:
        campaign = own.open_campaign("Renewed")
        journal, is_over = Journal(own), threading.Event()
        reads: Counter[int] = Counter()

        def give() -> None:
            while not is_over.is_set():
                journal.give(campaign["id"])

        def read() -> None:
            while not is_over.is_set():
                try:
                    reads[own.ask("GET", "/api/v1/campaigns")[0]] += 1
                except (OSError, HTTPException):
                    reads[0] += 1

        with following(own, 3) as followers, ThreadPoolExecutor(4) as people:
            at_work = [people.submit(each) for each in (give, give, read)]
            own.wait_for(lambda: len(journal.entries) > 10)
            before = pids(own)
            os.kill(own.pid("runtime"), signal.SIGHUP)
            own.wait_for(lambda: "every process is renewed" in own.log.read_text(), 120)
            enough = len(journal.entries) + 10
            own.wait_for(lambda: len(journal.entries) > enough)
            is_over.set()
            for each in at_work:
                each.result(30)
            after = pids(own)
            assert all(before[name] != after[name] for name in KINDS)
            assert not living(set(before.values()))
            settle_stack(own)
            feed = [row["id"] for row in ledger_of(own).rows(FEED)]
            for follower in followers:
                expected = feed[feed.index(follower.began_after) + 1 :]
                own.wait_for(lambda follower=follower, expected=expected: len(follower.told) >= len(expected), 60)
                assert follower.told == expected, "every frame once, in order"
                assert follower.connections == 2, "the live process was replaced"
        assert [entry for entry in journal.entries if entry.unanswered] == []
        assert set(reads) == {200}
        journal.assert_holds(ledger_of(own))
        assert own.raised(campaign["id"]) == 10_000 * len(journal.entries)
        own.assert_audit_holds()


FEED = "SELECT id::text FROM notifications_feedentry ORDER BY seq"


def test_what_does_not_come_up_leaves_everything_as_it_was(tmp_path: Path) -> None:
    with Stack(tmp_path) as own:
        before = pids(own)
        secrets = tmp_path / "secrets.env"
        whole = secrets.read_text()
        secrets.write_text(whole + "LOG_LEVEL=LOUD\n")
        os.kill(own.pid("runtime"), signal.SIGHUP)
        own.wait_for(lambda: "not renewed" in own.log.read_text(), 90)
        assert "LOG_LEVEL is 'LOUD'" in own.log.read_text()
        secrets.write_text(whole)
        assert pids(own) == before
        assert own.ask("GET", "/readyz")[0] == 200
        assert read_env(tmp_path / "runtime.env")["BANK_URL"]
