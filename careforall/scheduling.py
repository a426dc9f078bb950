"""The scheduler process: Celery beat over the timetable of `apps.platform.schedule`.

Two things are added. A slot is claimed in the database before a once-per-slot job is sent, so that two schedulers fire
it once. And when the broker is away, or no worker has given a sign of life for half a minute, the task runs here, in
this process: losing Redis, or a worker that hears nothing any more, stops nothing.
"""

import logging
import time
from typing import Any

from celery.beat import ScheduleEntry, Scheduler
from celery.schedules import schedule
from django.db import close_old_connections

from apps.outbox import interface as outbox
from apps.platform.schedule import entries
from apps.platform.wake import send

log = logging.getLogger(__name__)
PATIENCE = 30
"""Seconds; longer than the longest run of a worker's task between two signs of life."""


class SlotScheduler(Scheduler):
    max_interval = 1.0
    _alone = False
    look_at = 0.0
    """When, by time.monotonic(), workers are looked for again."""
    # Celery would wait here for the broker, for ever, before the first tick; `send` has connections of its own.
    producer = None

    def setup_schedule(self) -> None:
        self.look_at = time.monotonic() + PATIENCE  # workers that start beside us may take their time
        self.merge_inplace({entry.task: self._line(entry.task, entry.seconds) for entry in entries()})

    def apply_async(self, entry: ScheduleEntry, producer: Any = None, advance: bool = True, **kwargs: Any) -> None:
        if advance:
            self.reserve(entry)
        task = entry.task
        line = next(each for each in entries() if each.task == task)
        close_old_connections()
        if line.once_per_slot and not outbox.claim_slot(job=task, seconds=line.seconds):
            return
        if not send(task) or self._is_alone():
            self.app.tasks[task]()

    def _is_alone(self) -> bool:
        """Whether no worker was heard for half a minute. Looked up once a second."""
        if time.monotonic() >= self.look_at:
            self.look_at = time.monotonic() + 1
            silence = outbox.seconds_of_silence()
            was_alone, self._alone = self._alone, (silence or 0) > PATIENCE
            if self._alone and not was_alone:
                log.error("no worker works: what is due runs in the scheduler", extra={"seconds": silence})
        return self._alone

    @staticmethod
    def _line(task: str, seconds: int) -> dict[str, Any]:
        return {"task": task, "schedule": schedule(seconds)}
