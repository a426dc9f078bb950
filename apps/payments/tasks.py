"""What the workers are woken for. Each runs until nothing is due, and is safe to run twice at once."""

from celery import shared_task

from apps.platform.alone import run_alone
from apps.platform.schedule import BULK, every

from .services import call_providers as calls
from .services import keep_approvals as approvals
from .services import process_webhooks as inbox
from .services import read_events as events
from .services import reconcile
from .services.approvals import KEEP_APPROVALS
from .services.open_payments import CALL_PROVIDERS
from .services.receive_webhook import PROCESS_WEBHOOKS


@shared_task(name=CALL_PROVIDERS, ignore_result=True)
def call_providers() -> None:
    run_alone(CALL_PROVIDERS, calls.call_providers)


@shared_task(name=PROCESS_WEBHOOKS, ignore_result=True)
def process_webhooks() -> None:
    run_alone(PROCESS_WEBHOOKS, inbox.process_webhooks)


@shared_task(name="payments.reconcile_stuck", ignore_result=True)
def reconcile_stuck() -> None:
    reconcile.reconcile_stuck()


@shared_task(name="payments.read_events", ignore_result=True)
def read_events() -> None:
    events.read_events()


@shared_task(name=KEEP_APPROVALS, ignore_result=True)
def keep_approvals() -> None:
    run_alone(KEEP_APPROVALS, approvals.keep_approvals)


every(seconds=10, task=KEEP_APPROVALS, queue=BULK)
every(seconds=1, task=CALL_PROVIDERS)
every(seconds=1, task=PROCESS_WEBHOOKS)
every(seconds=60, task="payments.reconcile_stuck", once_per_slot=True)
every(seconds=600, task="payments.read_events", once_per_slot=True, queue=BULK)
