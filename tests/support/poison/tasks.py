from celery import shared_task

from apps.platform import db
from apps.platform.schedule import every

COUNT, SECONDS = "test.count_run", 2


@shared_task(name=COUNT, queue="bulk")
def count_run() -> None:
    """Leaves a mark for each run."""
    db.execute(
        """INSERT INTO outbox_jobslot (job, slot) VALUES ('test.runs', 1)
           ON CONFLICT (job) DO UPDATE SET slot = outbox_jobslot.slot + 1"""
    )


every(seconds=SECONDS, task=COUNT, once_per_slot=True)
