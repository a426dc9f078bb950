from celery import shared_task

from apps.platform.schedule import every

from . import interface

EXPIRE = "bank.expire_holds"


@shared_task(name=interface.DELIVER, queue="webhooks")
def deliver_webhooks() -> None:
    interface.deliver_webhooks()


@shared_task(name=EXPIRE, queue="bulk")
def expire_holds() -> None:
    interface.expire_holds()


every(seconds=1, task=interface.DELIVER)
every(seconds=60, task=EXPIRE, once_per_slot=True)
