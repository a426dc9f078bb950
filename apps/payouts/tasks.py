from celery import shared_task

from apps.platform.alone import run_alone
from apps.platform.schedule import BULK, every

from .services import reconcile, send
from .services.decide import SEND

RECONCILE = "payouts.reconcile"


@shared_task(name=SEND, ignore_result=True)
def send_payouts() -> None:
    run_alone(SEND, send.send_payouts)


@shared_task(name=RECONCILE, ignore_result=True)
def reconcile_statement() -> None:
    reconcile.reconcile()


every(seconds=10, task=SEND, queue=BULK)
every(seconds=60, task=RECONCILE, once_per_slot=True, queue=BULK)
