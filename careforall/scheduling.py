"""The scheduler process: Celery beat over the timetable of `apps.platform.schedule`.

Two things are added. A slot is claimed in the database before a once-per-slot job is sent, so that two schedulers fire
it once. And when the broker is away the task runs here, in this process: losing Redis stops nothing.
"""

from typing import Any

from celery.beat import ScheduleEntry, Scheduler
from celery.schedules import schedule
from django.db import close_old_connections

from apps.outbox import interface as outbox
from apps.platform.schedule import entries
from apps.platform.wake import send


class SlotScheduler(Scheduler):
    max_interval = 1.0
    # Celery would wait here for the broker, for ever, before the first tick; `send` has connections of its own.
    producer = None

    def setup_schedule(self) -> None:
        self.merge_inplace({entry.task: self._line(entry.task, entry.seconds) for entry in entries()})

    def apply_async(self, entry: ScheduleEntry, producer: Any = None, advance: bool = True, **kwargs: Any) -> None:
        if advance:
            self.reserve(entry)
        task = entry.task
        line = next(each for each in entries() if each.task == task)
        close_old_connections()
        if line.once_per_slot and not outbox.claim_slot(job=task, seconds=line.seconds):
            return
        if not send(task):
            self.app.tasks[task]()

    @staticmethod
    def _line(task: str, seconds: int) -> dict[str, Any]:
        return {"task": task, "schedule": schedule(seconds)}
