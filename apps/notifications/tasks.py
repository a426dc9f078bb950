from celery import shared_task

from apps.platform.schedule import every

from . import interface

FORGET = "notifications.forget_old_entries"


@shared_task(name=FORGET, queue="bulk")
def forget_old_entries() -> None:
    interface.forget_old_entries()


every(seconds=3600, task=FORGET, once_per_slot=True)
