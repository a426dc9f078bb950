"""A backup taken while donors give, restored on another machine: the books of that moment, whole."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from runtime.environment import read_env
from runtime.servers import Servers
from tests.support.faulty import ledger_of
from tests.support.journal import Journal
from tests.support.ledger import Ledger
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.faults, pytest.mark.xdist_group("stack")]


def test_what_was_backed_up_under_load_is_whole_elsewhere(stack: Stack, tmp_path: Path) -> None:
    campaign = str(stack.open_campaign("Backed up under load")["id"])
    journal, is_over, file = Journal(stack), threading.Event(), tmp_path / "night.tar"

    def give() -> None:
        while not is_over.is_set():
            journal.give(campaign)

    with ThreadPoolExecutor(3) as donors:
        at_work = [donors.submit(give) for _ in range(3)]
        stack.wait_for(lambda: len(journal.entries) > 20)
        made = stack.manage("backup", str(file))
        given_until = len(journal.entries)
        stack.wait_for(lambda: len(journal.entries) > given_until + 5)
        is_over.set()
        for each in at_work:
            each.result(30)
    assert made.returncode == 0, made.stderr
    elsewhere = Servers(tmp_path / "elsewhere", is_durable=False)
    try:
        urls = elsewhere.start()
        there = Stack(tmp_path / "there")
        there.env = (
            stack.env
            | read_env(stack.data_dir / "secrets.env")
            | urls
            | {"DATA_DIR": str(tmp_path / "there"), "DEMO_MODE": "on"}
        )
        restored = there.manage("restore", str(file))
        assert restored.returncode == 0, restored.stdout + restored.stderr
        assert "all hold." in restored.stdout
        kept = Ledger(urls["DATABASE_URL"], urls["BANK_DATABASE_URL"])
        at_rest = "SELECT count(*) AS number FROM pledges_pledge WHERE campaign_id = %s"
        number, now = (
            kept.rows(at_rest, [campaign])[0]["number"],
            ledger_of(stack).rows(at_rest, [campaign])[0]["number"],
        )
        assert 20 <= number < now, "the moment of the backup, in the midst of the gifts"
        there.assert_audit_holds()
    finally:
        elsewhere.stop()
