from celery import shared_task

from apps.platform.alone import run_alone
from apps.platform.schedule import BULK, WEBHOOKS, every

from . import interface

EXPIRE = "bank.expire_holds"


@shared_task(name=interface.DELIVER)
def deliver_webhooks() -> None:
    run_alone(interface.DELIVER, lambda: interface.deliver_webhooks(seconds=1.5))


@shared_task(name=EXPIRE)
def expire_holds() -> None:
    interface.expire_holds()
    interface.expire_consents()


every(seconds=1, task=interface.DELIVER, queue=WEBHOOKS)
every(seconds=60, task=EXPIRE, once_per_slot=True, queue=BULK)
