from celery import Task, shared_task

from apps.platform.alone import run_alone
from apps.platform.events import BULK, MONEY
from apps.platform.schedule import BULK as BULK_QUEUE
from apps.platform.schedule import every

from . import interface

SECONDS = 1.5


@shared_task(name=interface.RELAY, bind=True)
def relay(self: Task) -> None:
    interface.note_sweep()
    if not self.request.called_directly:  # the scheduler, which runs it where no worker does, is no sign of a worker
        interface.note_worker()
    run_alone(interface.RELAY, lambda: _drain(MONEY))


@shared_task(name=interface.BULK_RELAY)
def relay_bulk() -> None:
    run_alone(interface.BULK_RELAY, lambda: _drain(BULK))


def _drain(lane: str) -> int:
    drained = interface.drain(lane=lane, seconds=SECONDS)
    return drained.fanned_out + drained.done


@shared_task(name=interface.AUDIT)
def audit() -> None:
    interface.audit()


@shared_task(name=interface.FORGET)
def forget() -> None:
    interface.forget_done()


@shared_task(name=interface.INCIDENTS)
def note_incidents() -> None:
    interface.note_incidents()


every(seconds=1, task=interface.RELAY)
every(seconds=1, task=interface.BULK_RELAY, queue=BULK_QUEUE)
every(seconds=3600, task=interface.AUDIT, once_per_slot=True, queue=BULK_QUEUE)
every(seconds=60, task=interface.INCIDENTS, once_per_slot=True, queue=BULK_QUEUE)
every(seconds=3600, task=interface.FORGET, once_per_slot=True, queue=BULK_QUEUE)
