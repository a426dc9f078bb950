from celery import shared_task

from apps.platform import db
from apps.platform.schedule import BULK, every

from .amounts import COUNT

SECONDS = 2


@shared_task(name=COUNT)
def count_run() -> None:
    """Leaves a mark for each run."""
    db.execute(
        """INSERT INTO outbox_jobslot (job, slot) VALUES ('test.runs', 1)
           ON CONFLICT (job) DO UPDATE SET slot = outbox_jobslot.slot + 1"""
    )


every(seconds=SECONDS, task=COUNT, once_per_slot=True, queue=BULK)
