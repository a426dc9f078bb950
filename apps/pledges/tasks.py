from celery import shared_task

from apps.platform import wake
from apps.platform.schedule import BULK, every

from .services.dedications import tell_dedications
from .services.figures import measure_drift
from .services.forget_keys import forget_keys
from .services.history_links import forget_history_links
from .services.jobs.prepare import WORK, forget_prepared_jobs
from .services.jobs.work import work_jobs

MEASURE_DRIFT = "pledges.measure_drift"
FORGET_KEYS = "pledges.forget_keys"


@shared_task(name=MEASURE_DRIFT)
def measure() -> None:
    measure_drift()


@shared_task(name=FORGET_KEYS)
def forget() -> None:
    forget_keys()
    forget_history_links()
    forget_prepared_jobs()


@shared_task(name=WORK)
def work() -> None:
    """Comes again at once while there is more to do, so that no single task runs for long."""
    if work_jobs():
        wake.wake(WORK)


every(seconds=60, task=MEASURE_DRIFT, once_per_slot=True, queue=BULK)
every(seconds=20, task=WORK, queue=BULK)
every(seconds=600, task=FORGET_KEYS, once_per_slot=True, queue=BULK)


TELL_DEDICATIONS = "pledges.tell_dedications"


@shared_task(name=TELL_DEDICATIONS)
def tell() -> None:
    tell_dedications()


every(seconds=300, task=TELL_DEDICATIONS, once_per_slot=True, queue=BULK)
