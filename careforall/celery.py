"""Celery: carries wake-ups and the timetable, nothing else. Losing a message loses nothing but time."""

import gc
import os

from celery import Celery, Task
from celery.signals import task_prerun, worker_init, worker_process_init

from careforall.telemetry import start_tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careforall.settings.dev")
app = Celery("careforall")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect
def _begin(task: Task, **_: object) -> None:
    """What is committed from here on is news to this task's next run."""
    from apps.platform import wake

    wake.forget(task.name)


@worker_init.connect
def _share_memory(**_: object) -> None:
    """Before the workers are forked: what the collector does not touch stays shared between them."""
    gc.collect()
    gc.freeze()


@worker_process_init.connect
def _start_tracing(**_: object) -> None:
    start_tracing("worker")
