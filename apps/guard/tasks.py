from celery import shared_task

from apps.platform.schedule import BULK, every

from .services.remember import forget

FORGET = "guard.forget"


@shared_task(name=FORGET)
def forget_old() -> None:
    forget()


every(seconds=600, task=FORGET, once_per_slot=True, queue=BULK)
