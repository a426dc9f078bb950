from celery import shared_task

from apps.platform.schedule import BULK, every

from .services.dedications import tell_dedications
from .services.figures import measure_drift
from .services.forget_keys import forget_keys
from .services.history_links import forget_history_links

MEASURE_DRIFT = "pledges.measure_drift"
FORGET_KEYS = "pledges.forget_keys"


@shared_task(name=MEASURE_DRIFT)
def measure() -> None:
    measure_drift()


@shared_task(name=FORGET_KEYS)
def forget() -> None:
    forget_keys()
    forget_history_links()


every(seconds=60, task=MEASURE_DRIFT, once_per_slot=True, queue=BULK)
every(seconds=600, task=FORGET_KEYS, once_per_slot=True, queue=BULK)


TELL_DEDICATIONS = "pledges.tell_dedications"


@shared_task(name=TELL_DEDICATIONS)
def tell() -> None:
    tell_dedications()


every(seconds=300, task=TELL_DEDICATIONS, once_per_slot=True, queue=BULK)
