from celery import shared_task

from apps.platform.schedule import BULK, every

from . import interface

FORGET = "notifications.forget_old_entries"


@shared_task(name=FORGET)
def forget_old_entries() -> None:
    interface.forget_old_entries()
    interface.forget_old_inbox_entries()


every(seconds=3600, task=FORGET, once_per_slot=True, queue=BULK)
