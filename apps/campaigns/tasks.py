from celery import shared_task

from apps.platform.schedule import BULK, every

from . import interface

END_DUE = "campaigns.end_due"


@shared_task(name=END_DUE)
def end_due() -> None:
    interface.end_due_campaigns()


FORGET_UNCONFIRMED = "campaigns.forget_unconfirmed"


@shared_task(name=FORGET_UNCONFIRMED)
def forget_unconfirmed() -> None:
    interface.forget_unconfirmed()
    interface.forget_addresses()


every(seconds=3600, task=FORGET_UNCONFIRMED, once_per_slot=True, queue=BULK)
every(seconds=60, task=END_DUE, once_per_slot=True, queue=BULK)
