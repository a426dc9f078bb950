"""The running product that the measures look at: started once, with one campaign, its workers stopped where asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from runtime.environment import ROOT, read_env
from tests.support.stack import Stack

SECONDS = float(os.environ.get("BENCH_SECONDS", "8"))
PAYS = "4000-0000-0000-0001"
WORKING = ("worker", "bulk", "scheduler")


@contextmanager
def patient_stack() -> Iterator[Stack]:
    """A stack that may take its time to start, since the machine may be at other work."""
    stack = Stack()
    try:
        stack.start(300)
        yield stack
    finally:
        stack.__exit__()


class Running:
    """A stack with a campaign that has one captured gift."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.env = read_env(stack.data_dir / "runtime.env")
        self.campaign = stack.open_campaign("Bench", goal=10**15)
        self.first = stack.give(self.campaign["id"])
        stack.wait_for(lambda: stack.status_of(self.first) == "captured", 120)
        self._ceiling = 0.0

    @property
    def app(self) -> str:
        """The application server itself, without the edge."""
        parts = urlsplit(self.env["BANK_WEBHOOK_URL"])
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def edge(self) -> str:
        return self.stack.url

    def body(self, campaign_id: str = "") -> dict[str, object]:
        """A guest's gift."""
        return {
            "campaign": campaign_id or self.campaign["id"],
            "amount": 10_000,
            "donor": {"name": "Bench", "email": "bench@example.org"},
            "payment": {"provider": "bank", "account": PAYS},
        }

    def database(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.env["DATABASE_URL"], autocommit=True)

    def ceiling(self) -> float:
        """What pgbench reaches with the rows of one gift, measured once a run."""
        from bench.ceiling import pledges_per_second

        if not self._ceiling:
            with self.quiet():
                self._ceiling = pledges_per_second(self.env["DATABASE_URL"], self.first["id"], int(SECONDS))
        return self._ceiling

    def pids(self, *names: str) -> list[int]:
        known = read_env(self.stack.data_dir / "pids")
        return [int(known[name]) for name in names if name in known]

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Workers and scheduler stand still meanwhile."""
        groups = self.pids(*WORKING)
        for pid in groups:
            os.killpg(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in groups:
                os.killpg(pid, signal.SIGCONT)

    def settle(self, seconds: float = 600) -> None:
        """Wait until everything that was begun has come to its end."""
        waiting = """
            SELECT (SELECT count(*) FROM payments_operation WHERE status IN ('due', 'calling', 'unknown'))
                 + (SELECT count(*) FROM payments_webhookmessage WHERE processed_at IS NULL)
                 + (SELECT count(*) FROM outbox_event WHERE NOT is_fanned_out)
                 + (SELECT count(*) FROM outbox_delivery WHERE done_at IS NULL AND dead_at IS NULL)"""
        with self.database() as connection:

            def is_done() -> bool:
                row = connection.execute(waiting).fetchone()
                return row is not None and row[0] == 0

            self.stack.wait_for(is_done, seconds)

    def inside(self, module: str, *arguments: object) -> str:
        """Run a module of the bench with this installation's settings; what it printed last."""
        command = [sys.executable, "-m", module, *map(str, arguments)]
        env = self.stack.env | {"DJANGO_SETTINGS_MODULE": "careforall.settings.dev", "PYTHONPATH": str(ROOT)}
        run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
        return run.stdout.strip().splitlines()[-1]

    def static_json(self, body: bytes) -> str:
        """The address of these bytes as a static file of the edge."""
        Path(self.stack.data_dir / "static" / "bench.json").write_bytes(body)
        return f"{self.edge}/static/bench.json"
