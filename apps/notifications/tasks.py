from celery import shared_task

from apps.platform.schedule import BULK, WEBHOOKS, every

from . import interface
from .services.forget_letters import forget_old_letters
from .services.send_letters import send_letters
from .services.webhooks import queue
from .services.webhooks.forget import forget_old_deliveries
from .services.webhooks.send import send_webhooks
from .services.write_letters import SEND

FORGET = "notifications.forget_old_entries"


@shared_task(name=FORGET)
def forget_old_entries() -> None:
    interface.forget_old_entries()
    interface.forget_old_inbox_entries()
    forget_old_letters()
    forget_old_deliveries()


@shared_task(name=SEND)
def send() -> None:
    send_letters()


@shared_task(name=queue.SEND)
def send_out() -> None:
    send_webhooks()


every(seconds=3600, task=FORGET, once_per_slot=True, queue=BULK)
every(seconds=2, task=SEND, queue=BULK)
every(seconds=5, task=queue.SEND, queue=WEBHOOKS)
