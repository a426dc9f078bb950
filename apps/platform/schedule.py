"""The timetable: which task runs how often. Contexts add their lines; the scheduler process reads them all."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """`once_per_slot`: however many schedulers run, one of them fires in each slot of `seconds`."""

    task: str
    seconds: int
    once_per_slot: bool


_entries: dict[str, Entry] = {}


def every(*, seconds: int, task: str, once_per_slot: bool = False) -> None:
    """Run the Celery task `task` every `seconds`."""
    _entries[task] = Entry(task, seconds, once_per_slot)


def entries() -> list[Entry]:
    return list(_entries.values())
