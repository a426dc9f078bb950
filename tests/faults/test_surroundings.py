"""What surrounds the product fails it: facts that cannot be handled, clocks, disks, a second scheduler, a crowd."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.beside import beside
from tests.support.faulty import FaultyStack
from tests.support.journal import Journal
from tests.support.poison.amounts import COUNT, KILLER, POISON

from .giving import AMOUNT, assert_all_is_well, pause

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("surroundings")]
SETTINGS = "tests.support.poison.settings"
WORKING = ("worker", "bulk", "scheduler")
DISK = 320 * 1024 * 1024
CROWD, CROWD_GIFTS = 32, 640
_DEAD = "SELECT last_error, attempts FROM outbox_delivery WHERE subscription = 'test.poison' AND dead_at IS NOT NULL"


@pytest.fixture(scope="module")
def poisoned() -> Iterator[FaultyStack]:
    """A copy with one more subscriber, which chokes on some gifts, and one more periodic job, which counts its runs."""
    with FaultyStack(DJANGO_SETTINGS_MODULE=SETTINGS) as running:
        yield running


@pytest.mark.parametrize(
    ("amount", "ends_as"), [(POISON, "RuntimeError"), (KILLER, "NeverCameBack")], ids=["fails", "kills its process"]
)
def test_a_fact_that_cannot_be_handled_ends_alone(poisoned: FaultyStack, amount: int, ends_as: str) -> None:
    """The others flow on, the gift itself too; the audit and a gauge name what was given up."""
    campaign = str(poisoned.stack.open_campaign("Poison")["id"])
    journal = Journal(poisoned.stack)
    given = [journal.give(campaign, each) for each in [AMOUNT] * 8 + [amount] + [AMOUNT] * 8]
    total = sum(entry.amount for entry in given)
    poisoned.stack.wait_for(lambda: poisoned.stack.raised(campaign) == total, 90)
    poisoned.stack.wait_for(lambda: dead_letters(poisoned), 180)

    poisoned.settle(120)
    [dead] = poisoned.ledger.rows(_DEAD)
    assert (dead["last_error"], dead["attempts"]) == (ends_as, 20)
    assert handled(poisoned) == done(poisoned)
    journal.assert_holds(poisoned.ledger)
    assert broken(poisoned) == {"E5"}
    _, metrics = poisoned.stack.ask("GET", "/metrics")
    assert 'careforall_outbox_dead{subscription="test.poison"} 1.0' in metrics

    # Nobody will ever want this fact: what an operator decides about a dead letter.
    poisoned.ledger.run("DELETE FROM outbox_delivery WHERE dead_at IS NOT NULL")
    poisoned.assert_audit_holds()


def test_two_schedulers_and_a_slot_runs_once(poisoned: FaultyStack) -> None:
    """One is killed in the end, and the other goes on."""
    with beside(poisoned.stack, "scheduler", DJANGO_SETTINGS_MODULE=SETTINGS):
        begun = slots_and_runs(poisoned)
        poisoned.stack.wait_for(lambda: slots_and_runs(poisoned)[0] >= begun[0] + 8, 90)
        poisoned.stack.kill("scheduler")
        killed = slots_and_runs(poisoned)
        poisoned.stack.wait_for(lambda: slots_and_runs(poisoned)[0] >= killed[0] + 4, 90)
    poisoned.stack.wait_for(lambda: slots_and_runs(poisoned)[1] > killed[1], 30)
    poisoned.settle()
    ended = slots_and_runs(poisoned)
    assert 4 <= ended[1] - begun[1] <= ended[0] - begun[0] + 1
    poisoned.assert_audit_holds()


@pytest.mark.parametrize("hours", [-2, 2])
def test_workers_and_schedulers_whose_clocks_are_wrong(poisoned: FaultyStack, hours: int) -> None:
    """Only they work. The bank's webhooks bear a wrong time, and are refused; the gifts arrive all the same."""
    campaign = str(poisoned.stack.open_campaign(f"{hours} hours")["id"])
    journal, wrong = Journal(poisoned.stack), {"CLOCK_OFFSET": str(hours * 3600), "DJANGO_SETTINGS_MODULE": SETTINGS}
    poisoned.settle()
    with (
        standing_still(poisoned, *WORKING),
        beside(poisoned.stack, "worker", **wrong),
        beside(poisoned.stack, "scheduler", **wrong),
    ):
        for _ in range(8):
            journal.give(campaign)
        poisoned.stack.wait_for(lambda: poisoned.stack.raised(campaign) == 8 * AMOUNT, 120)
    assert_all_is_well(poisoned, journal)
    assert poisoned.stack.raised(campaign) == 8 * AMOUNT


def test_a_crowd_gives_to_one_campaign(poisoned: FaultyStack) -> None:
    campaign = str(poisoned.stack.open_campaign("Everybody at once")["id"])
    journal, before = Journal(poisoned.stack), deadlocks(poisoned)
    with ThreadPoolExecutor(CROWD) as crowd:
        list(crowd.map(lambda _: journal.give(campaign), range(CROWD_GIFTS)))
    journal.retry_unanswered()
    assert_all_is_well(poisoned, journal, 180)
    assert poisoned.stack.raised(campaign) == CROWD_GIFTS * AMOUNT
    assert deadlocks(poisoned) == before


def test_the_disk_of_the_database_is_full(tmp_path: Path) -> None:
    """Nothing is acknowledged that was not kept; once there is room again, everything goes on."""
    with small_disk(tmp_path / "disk") as disk, FaultyStack(servers_at=disk) as cramped:
        campaign = str(cramped.stack.open_campaign("No room")["id"])
        journal = Journal(cramped.stack)
        journal.give(campaign)
        with filled(disk / "filler"):
            for _ in range(2_000):
                if journal.give(campaign).unanswered:
                    break
            more = [journal.give(campaign) for _ in range(5)]
            assert any(entry.unanswered for entry in journal.entries), "the disk was never full"
            assert not any(entry.refused for entry in more)
        cramped.revive()
        cramped.stack.wait_for(lambda: cramped.stack.ask("GET", "/readyz")[0] == 200, 90)
        journal.retry_unanswered(120)
        assert_all_is_well(cramped, journal, 180)
        assert cramped.stack.raised(campaign) == len(journal.entries) * AMOUNT


def dead_letters(faulty: FaultyStack) -> bool:
    """Brings the end of twenty attempts nearer: after the third, all but the last few are taken as made."""
    faulty.ledger.run(
        """UPDATE outbox_delivery SET attempts = 17 WHERE id IN (
               SELECT id FROM outbox_delivery WHERE subscription = 'test.poison' AND done_at IS NULL AND dead_at IS NULL
                   AND attempts BETWEEN 5 AND 16 FOR UPDATE SKIP LOCKED)"""
    )
    faulty.ledger.hurry()
    pause(0.5)
    return bool(faulty.ledger.rows(_DEAD))


def handled(faulty: FaultyStack) -> int:
    """How many facts the handler has counted."""
    return int(faulty.ledger.rows("SELECT slot FROM outbox_jobslot WHERE job = 'test.handled'")[0]["slot"])


def done(faulty: FaultyStack) -> int:
    sql = "SELECT count(*) AS number FROM outbox_delivery WHERE subscription = 'test.poison' AND done_at IS NOT NULL"
    return int(faulty.ledger.rows(sql)[0]["number"])


def broken(faulty: FaultyStack) -> set[str]:
    """The codes of the audit that do not hold."""
    report = json.loads(faulty.direct().manage("audit", "--json").stdout)
    return {each["code"] for each in report["checks"] if not each["holds"]}


def slots_and_runs(faulty: FaultyStack) -> tuple[int, int]:
    """The counted job's latest slot, and how often it ran so far."""
    rows = faulty.ledger.rows("SELECT job, slot FROM outbox_jobslot WHERE job IN (%s, 'test.runs')", [COUNT])
    found = {row["job"]: int(row["slot"]) for row in rows}
    return found[COUNT], found["test.runs"]


def deadlocks(faulty: FaultyStack) -> Any:
    return faulty.ledger.rows("SELECT sum(deadlocks) AS number FROM pg_stat_database")[0]["number"]


@contextmanager
def standing_still(faulty: FaultyStack, *names: str) -> Iterator[None]:
    groups = [faulty.stack.pid(name) for name in names]
    for group in groups:
        os.killpg(group, signal.SIGSTOP)
    try:
        yield
    finally:
        for group in groups:
            os.killpg(group, signal.SIGCONT)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of its own with little room; skips the test where nobody may mount one."""
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("SKIPPED, not tested: a full disk needs a small tmpfs, and only root may mount one")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"SKIPPED, not tested: a full disk needs a small tmpfs, and mount says {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def filled(file: Path) -> Iterator[None]:
    """No byte is left on the disk meanwhile, whatever the servers let go of."""
    with file.open("wb", buffering=0) as filler:
        for size in (1024 * 1024, 4096):
            try:
                while True:
                    filler.write(b"\0" * size)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
        yield
    file.unlink()
