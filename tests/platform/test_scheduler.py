"""The scheduler process without a broker, or without a worker that hears: what is periodic runs all the same."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connections
from django.db.models import F

from apps.outbox import interface as outbox
from apps.outbox.models import JobSlot

_TICK = """
import threading, time
import django
django.setup()
from apps.outbox import interface as outbox
from careforall.celery import app
from careforall.scheduling import SlotScheduler
scheduler, until, pause = SlotScheduler(app), time.monotonic() + 30, threading.Event()
scheduler.look_at = 0.0
while outbox.last_sweep_at() is None and time.monotonic() < until:
    pause.wait(scheduler.tick())
"""


@pytest.mark.django_db(databases=["default", "bank"], transaction=True)
@pytest.mark.parametrize("redis_url", ["redis://127.0.0.1:1/0", settings.REDIS_URL], ids=["no broker", "no worker"])
def test_a_scheduler_that_is_alone_sweeps_by_itself(redis_url: str) -> None:
    def url(alias: str) -> str:
        now = connections[alias].settings_dict
        return f"postgres://{now['USER']}@{now['HOST']}:{now['PORT']}/{now['NAME']}"

    environment = os.environ | {
        "REDIS_URL": redis_url,
        "DATABASE_URL": url("default"),
        "BANK_DATABASE_URL": url("bank"),
        "DJANGO_SETTINGS_MODULE": "careforall.settings.dev",
    }
    outbox.note_worker()
    JobSlot.objects.update(slot=F("slot") - 60)  # five minutes ago
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
    assert (outbox.seconds_of_silence() or 0) > 240, "the scheduler took itself for a worker"
