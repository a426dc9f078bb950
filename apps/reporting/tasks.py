from celery import shared_task

from apps.platform.schedule import every

from . import interface
from .services.note_due import REFRESH


@shared_task(name=REFRESH, queue="bulk")
def refresh() -> None:
    interface.refresh()


every(seconds=2, task=REFRESH)
