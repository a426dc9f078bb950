from celery import shared_task

from apps.platform.schedule import BULK, every

from . import interface

FORGET = "chat.forget_dead_processes"


@shared_task(name=FORGET)
def forget_dead_processes() -> None:
    interface.forget_dead_processes()


every(seconds=300, task=FORGET, once_per_slot=True, queue=BULK)
