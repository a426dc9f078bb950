"""Whole gifts: from the wish through bank and webhooks to the total that everybody sees."""

from __future__ import annotations

import os
import time

from ..load import post_at_rate, press
from ..report import Report
from ..running import SECONDS, Running

RATE = float(os.environ.get("BENCH_RATE", "50"))


def gifts(running: Running, report: Report) -> None:
    """Gifts a second, wish to visible total, while they are asked for as fast as they are taken."""
    running.settle()
    before, begun = running.stack.raised(running.campaign["id"]), time.monotonic()
    load = press(f"{running.edge}/api/v1/pledges", max(2.0, SECONDS / 3), clients=16, bodies=[running.body()])
    running.settle()
    running.stack.wait_for(lambda: running.stack.raised(running.campaign["id"]) > before, 10)
    made = (running.stack.raised(running.campaign["id"]) - before) / 10_000
    report.note("whole gifts, wish to visible total", made / (time.monotonic() - begun), "a second", bar="100")
    report.note("whole gifts: refused or failed", load.bad, "answers")


def captured(running: Running, report: Report) -> None:
    """From POST to captured at a steady rate."""
    running.settle()
    with running.database() as connection:
        row = connection.execute("SELECT now()").fetchone()
        assert row
        post_at_rate(f"{running.edge}/api/v1/pledges", running.body(), per_second=RATE, seconds=SECONDS)
        running.settle()
        found = connection.execute(
            """SELECT count(*), percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM captured_at - created_at))
               FROM pledges_pledge WHERE created_at > %s AND status = 'captured'""",
            [row[0]],
        ).fetchone()
    assert found, "nothing was captured"
    name = f"POST to captured at {RATE:.0f} gifts a second"
    report.note(f"{name}: median", found[1][0], "seconds")
    report.note(f"{name}: 99th percentile", found[1][1], "seconds", bar="2.0")


def audit(running: Running, report: Report) -> None:
    """Every invariant still holds after all that."""
    running.settle()
    begun = time.monotonic()
    running.stack.assert_audit_holds()
    report.note("audit after the load", time.monotonic() - begun, "seconds")
