"""Waking workers: a hint that work is due. Lost hints cost milliseconds, never work, since sweepers look every second.

One thread per process sends the hints, so that a request pays for setting a flag only and a dead broker cannot slow it. A
task that was woken and has not begun yet is not woken again, by whatever process: a crowd costs one message.
"""

from __future__ import annotations

import logging
import threading
from functools import partial

from django.conf import settings
from django.db import transaction

from . import hints

log = logging.getLogger(__name__)
COALESCE_SECONDS = 0.005
NOTE_SECONDS = 1.0
"""How long a message that has not begun stands for later ones: no longer than the sweeper's pause."""


class _Waker:
    def __init__(self) -> None:
        self._due: set[str] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def wake(self, task: str) -> None:
        with self._changed:
            if self._thread is None or not self._thread.is_alive():  # a forked child has no threads of its parent
                self._thread = threading.Thread(target=self._run, name="waker", daemon=True)
                self._thread.start()
            self._due.add(task)
            self._changed.notify()

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            with self._changed:
                while not self._due:
                    self._changed.wait()
                due, self._due = self._due, set()
            for task in due:
                if note(task):
                    send(task)
            pause.wait(COALESCE_SECONDS)


_waker = _Waker()


def send(task: str) -> bool:
    """Ask the broker for one run of `task`. Returns False when it does not take it, or was away a moment ago."""
    from celery import current_app
    from kombu.exceptions import OperationalError

    if hints.was_away():
        return False
    try:
        current_app.send_task(task, ignore_result=True, retry=False, expires=60)
    except (OSError, OperationalError) as error:  # kombu's, around whatever the transport raised
        hints.note_away()
        log.warning("wake-up not sent", extra={"task": task, "error": type(error).__name__})
        return False
    return True


def wake(task: str) -> None:
    """Have `task` run soon in some worker. Never fails, never waits."""
    if settings.WAKE_WORKERS:
        _waker.wake(task)


def note(task: str) -> bool:
    """Note that `task` has something to look at. Returns whether this is news."""
    return hints.mark(f"woken:{task}", seconds=NOTE_SECONDS)


def is_noted(task: str) -> bool:
    return hints.is_marked(f"woken:{task}")


def forget(task: str) -> None:
    """The task begins to look: what is due from now on is news again."""
    hints.clear(f"woken:{task}")


def on_commit(task: str, *, using: str = "default") -> None:
    """Wake `task` once the open transaction has committed."""
    transaction.on_commit(partial(wake, task), using=using, robust=True)
