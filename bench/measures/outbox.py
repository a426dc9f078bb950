"""Facts: how fast one worker folds them, and how long a captured gift takes to be in the total. Spoils the totals."""

from __future__ import annotations

import json

from ..report import Report
from ..running import Running

EVENTS, RATE, SECONDS = 40_000, 200, 8


def drain(running: Running, report: Report) -> None:
    """Facts through the real relay to a subscription that folds them, one process."""
    running.settle()
    with running.quiet():
        found = json.loads(running.inside("bench.facts", "drain", running.campaign["id"], EVENTS))
    report.note(
        "facts through the relay to a fold, one worker",
        found["per_second"],
        "a second",
        compared_with="the same fold in plain SQL",
        reference=found["plain_sql"],
        bar="10,000/s",
    )
    running.settle()


def lag(running: Running, report: Report) -> None:
    """From the commit of a capture to the commit of the total."""
    running.settle()
    found = json.loads(running.inside("bench.facts", "lag", running.campaign["id"], RATE, SECONDS))
    report.note(f"capture to total at {RATE} a second: median", found["median"], "seconds")
    report.note(f"capture to total at {RATE} a second: 99th percentile", found["p99"], "seconds", bar="1.0")
    running.settle()
