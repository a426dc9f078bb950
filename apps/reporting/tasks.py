from celery import shared_task

from apps.platform.schedule import BULK, every

from . import interface
from .services.exports.ask import WRITE
from .services.note_due import REFRESH


@shared_task(name=REFRESH)
def refresh() -> None:
    interface.refresh()


@shared_task(name=WRITE, time_limit=3600, soft_time_limit=3500)
def write_exports() -> None:
    interface.write_exports()
    interface.forget_exports()


every(seconds=30, task=WRITE, queue=BULK)
every(seconds=2, task=REFRESH, queue=BULK)
