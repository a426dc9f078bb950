"""More processes beside those of a running copy, as a second machine would bring them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from runtime.environment import ROOT

from .stack import Stack

_CELERY = [sys.executable, "-m", "celery", "-A", "careforall"]
COMMANDS = {
    "worker": [*_CELERY, "worker", "-Q", "money,webhooks,bulk", "--concurrency", "2", "--without-gossip",
               "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"],
    "scheduler": [*_CELERY, "beat", "-S", "careforall.scheduling:SlotScheduler", "--pidfile=", "--loglevel", "WARNING"],
}  # fmt: skip


@contextmanager
def beside(stack: Stack, name: str, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """A second worker or scheduler of this copy, with other settings where given; killed -9 at the end."""
    settings = {"DJANGO_SETTINGS_MODULE": "careforall.settings.dev"} | stack.env | env
    with stack.log.open("ab") as log:
        process = subprocess.Popen(
            COMMANDS[name], cwd=ROOT, env=settings, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield process
        assert process.poll() is None, f"the second {name} has ended by itself:\n{stack.log.read_text()[-3000:]}"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
