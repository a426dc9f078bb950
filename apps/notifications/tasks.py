from celery import shared_task

from apps.platform.schedule import BULK, WEBHOOKS, every

from . import interface
from .services import mailings
from .services.digests import write_digests
from .services.forget_letters import forget_old_letters
from .services.send_letters import send_letters
from .services.watch import tell_staff_of_trouble
from .services.webhooks import queue
from .services.webhooks.forget import forget_old_deliveries
from .services.webhooks.send import send_webhooks
from .services.write_letters import SEND

FORGET = "notifications.forget_old_entries"
DIGESTS = "notifications.write_digests"
WATCH = "notifications.tell_staff_of_trouble"


@shared_task(name=FORGET)
def forget_old_entries() -> None:
    interface.forget_old_entries()
    interface.forget_old_inbox_entries()
    forget_old_letters()
    forget_old_deliveries()


@shared_task(name=SEND)
def send() -> None:
    send_letters()


@shared_task(name=mailings.EXPAND)
def expand_mailings() -> None:
    mailings.expand_mailings()


@shared_task(name=WATCH)
def watch() -> None:
    tell_staff_of_trouble()


@shared_task(name=DIGESTS)
def digests() -> None:
    write_digests()


@shared_task(name=queue.SEND)
def send_out() -> None:
    send_webhooks()


every(seconds=3600, task=FORGET, once_per_slot=True, queue=BULK)
every(seconds=2, task=SEND, queue=BULK)
every(seconds=5, task=queue.SEND, queue=WEBHOOKS)
every(seconds=5, task=mailings.EXPAND, queue=BULK)
every(seconds=600, task=DIGESTS, once_per_slot=True, queue=BULK)
every(seconds=60, task=WATCH, once_per_slot=True, queue=BULK)
