"""Celery: carries wake-ups and the timetable, nothing else. Losing a message loses nothing but time."""

import os

from celery import Celery
from celery.signals import worker_process_init

from careforall.telemetry import start_tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careforall.settings.dev")
app = Celery("careforall")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def _start_tracing(**_: object) -> None:
    start_tracing("worker")
