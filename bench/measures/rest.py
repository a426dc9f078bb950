"""What it costs to be there: memory of all processes at rest, and a second start."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.support.stack import Stack

from ..report import Report
from ..running import Running

REST = 45
"""Seconds of rest before memory is looked at: idle threads and connections have gone by then."""


def memory(running: Running, report: Report) -> None:
    """Proportional set size of `make run` with both databases, the edge and the supervisor, idle."""
    assert running.stack.supervisor
    by_name: dict[str, float] = {}
    running.settle()
    time.sleep(REST)
    for pid in _tree(running.stack.supervisor.pid):
        try:
            kind = Path(f"/proc/{pid}/comm").read_text().strip()
        except OSError:  # gone since
            continue
        by_name[kind] = by_name.get(kind, 0) + _pss(pid)
    with running.database() as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        ).fetchone()
        assert row
        report.note("database connections at rest", row[0] - 1, "open")
    report.note("memory of `make run` at rest (PSS)", sum(by_name.values()), "MB", bar="900")
    for kind, size in sorted(by_name.items()):
        report.note(f"memory at rest: {kind}", size, "MB")


def second_start(report: Report) -> None:
    """The time until the address is printed, on data that is there already."""
    with tempfile.TemporaryDirectory(prefix="careforall-bench-") as folder:
        stack = Stack(Path(folder))
        stack.start()
        stack.stop()
        begun = time.monotonic()
        stack.start()
        report.note("second start of `make run`", time.monotonic() - begun, "seconds", bar="10")
        stack.stop()


def _tree(root: int) -> list[int]:
    parents = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                told = (each / "stat").read_text()
            except OSError:
                continue
            parents[int(each.name)] = int(told[told.rindex(")") + 2 :].split()[1])
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
