"""The timetable: which task runs how often, and in which queue. Contexts add their lines; scheduler and router read them."""

from dataclasses import dataclass
from typing import Any

MONEY, WEBHOOKS, BULK = "money", "webhooks", "bulk"


@dataclass(frozen=True)
class Entry:
    """`once_per_slot`: however many schedulers run, one of them fires in each slot of `seconds`."""

    task: str
    seconds: int
    once_per_slot: bool
    queue: str


_entries: dict[str, Entry] = {}


def every(*, seconds: int, task: str, once_per_slot: bool = False, queue: str = MONEY) -> None:
    """Run the Celery task `task` every `seconds`; woken in between, it waits in the same queue."""
    _entries[task] = Entry(task, seconds, once_per_slot, queue)


def entries() -> list[Entry]:
    return list(_entries.values())


def route(name: str, *_: Any, **__: Any) -> dict[str, str]:
    """Celery's router (CELERY_TASK_ROUTES): the queue that the timetable names."""
    entry = _entries.get(name)
    return {"queue": entry.queue if entry else MONEY}
