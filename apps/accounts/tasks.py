from celery import shared_task

from apps.platform.schedule import BULK, every

from . import interface

FORGET_TOKENS = "accounts.forget_tokens"


@shared_task(name=FORGET_TOKENS)
def forget_tokens() -> None:
    interface.forget_expired_tokens()
    interface.forget_ended_sessions()


every(seconds=600, task=FORGET_TOKENS, once_per_slot=True, queue=BULK)
