from celery import shared_task

from apps.platform.schedule import BULK, every

from .services import announce, take_due

TAKE_DUE = "recurring.take_due"


@shared_task(name=TAKE_DUE)
def take() -> None:
    """Announce first: what was announced only today is not taken before tomorrow."""
    announce.announce_due()
    take_due.take_due()
    take_due.retry_due()


every(seconds=300, task=TAKE_DUE, once_per_slot=True, queue=BULK)
