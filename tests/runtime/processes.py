"""What runs on this machine, read from /proc."""

from __future__ import annotations

from pathlib import Path


def descendants(root: int) -> set[int]:
    """Every living process below `root`, by its id; `root` itself is not among them."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(") ")[2].split()[:2]
        except OSError:  # it ended while we read
            continue
        if state != "Z":
            parents[int(stat.parent.name)] = int(parent)
    found: set[int] = set()
    layer = {root}
    while layer := {pid for pid, parent in parents.items() if parent in layer} - found:
        found |= layer
    return found


def working_for(data_dir: Path) -> set[int]:
    """Every living process that was started with this data folder in its environment."""
    mark, found = f"DATA_DIR={data_dir}".encode(), set()
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in environment.read_bytes().split(b"\0"):
                found.add(int(environment.parent.name))
        except OSError:  # it ended while we read, or belongs to somebody else
            continue
    return found


def living(pids: set[int]) -> set[int]:
    """Those of `pids` that still run; a zombie has ended."""
    found = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
        except OSError:
            continue
        if state != "Z":
            found.add(pid)
    return found
