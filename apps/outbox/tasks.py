from celery import shared_task

from apps.platform.alone import alone
from apps.platform.events import BULK, MONEY
from apps.platform.schedule import every

from . import interface


@shared_task(name=interface.RELAY)
def relay() -> None:
    interface.note_sweep()
    interface.drain(lane=MONEY)


@shared_task(name=interface.BULK_RELAY, queue="bulk")
def relay_bulk() -> None:
    with alone(interface.BULK_RELAY) as mine:
        if mine:
            interface.drain(lane=BULK)


every(seconds=1, task=interface.RELAY)
every(seconds=1, task=interface.BULK_RELAY)
