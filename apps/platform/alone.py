"""Work that one process at a time does, so that a backlog of it never takes every worker."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from . import hints, wake

LEASE_SECONDS = 5.0
TURN_SECONDS = 3.0
"""How long a run keeps its worker before it queues up again behind the other tasks."""


@contextmanager
def alone(work: str, *, seconds: float = LEASE_SECONDS) -> Iterator[bool]:
    """Whether the caller may do `work` now: true for one process of the installation at a time, false for all others.

    A lease of `seconds` in Redis: it saves double work and guards nothing. Without Redis everybody may.
    """
    token = secrets.token_hex(8)
    mine = hints.mark(f"alone:{work}", seconds=seconds, value=token)
    try:
        yield mine
    finally:
        if mine:
            hints.let_go(f"alone:{work}", value=token)


def run_alone(task: str, work: Callable[[], int]) -> None:
    """Call `work` until it finds nothing (0), unless another process is at it: that one will then look once more.

    `work` should take a second or two at most.
    """
    until = time.monotonic() + TURN_SECONDS
    wake.note(task)  # before trying: whoever is at it looks at this after letting go
    while True:
        with alone(task) as mine:
            if not mine:
                return
            wake.forget(task)
            found = work()
        if not found and not wake.is_noted(task):
            return
        if time.monotonic() > until:
            wake.send(task)
            return
