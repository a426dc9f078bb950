"""The scheduler process without a broker: what is periodic runs all the same."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connections

from apps.outbox import interface as outbox

_TICK = """
import threading, time
import django
django.setup()
from apps.outbox import interface as outbox
from careforall.celery import app
from careforall.scheduling import SlotScheduler
scheduler, until, pause = SlotScheduler(app), time.monotonic() + 30, threading.Event()
while outbox.last_sweep_at() is None and time.monotonic() < until:
    pause.wait(scheduler.tick())
"""


@pytest.mark.django_db(databases=["default", "bank"], transaction=True)
def test_a_scheduler_started_without_a_broker_sweeps_by_itself() -> None:
    def url(alias: str) -> str:
        now = connections[alias].settings_dict
        return f"postgres://{now['USER']}@{now['HOST']}:{now['PORT']}/{now['NAME']}"

    environment = os.environ | {
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "DATABASE_URL": url("default"),
        "BANK_DATABASE_URL": url("bank"),
        "DJANGO_SETTINGS_MODULE": "careforall.settings.dev",
    }
    assert outbox.last_sweep_at() is None
    run = subprocess.run(
        [sys.executable, "-c", _TICK],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert outbox.last_sweep_at() is not None
