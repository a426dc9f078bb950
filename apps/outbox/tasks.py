from celery import shared_task

from apps.platform.schedule import every

from . import interface


@shared_task(name=interface.RELAY, queue="money")
def relay() -> None:
    interface.note_sweep()
    interface.drain()


every(seconds=1, task=interface.RELAY)
