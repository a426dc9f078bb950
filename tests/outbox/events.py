"""Facts and subscriptions of the tests alone, with a table-free effect that a transaction can undo: rows of JobSlot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from apps.outbox.models import JobSlot
from apps.platform import db
from apps.platform.events import Event, subscribe


@dataclass(frozen=True, kw_only=True)
class LampLit(Event):
    type: ClassVar[str] = "test.lamp_lit"
    number: int
    mood: str = "calm"


watchers: list[Callable[[Sequence[LampLit]], None]] = []
"""What a test wants to happen while facts are handled, after the effect was written."""


@subscribe("test.count_lamps", LampLit, batch=50)
def count_lamps(facts: Sequence[LampLit]) -> None:
    """Adds up numbers in a row; refuses a poisoned fact after having written, so that a lost rollback would show."""
    db.execute(
        """INSERT INTO outbox_jobslot (job, slot) VALUES ('lamps', %(sum)s)
           ON CONFLICT (job) DO UPDATE SET slot = outbox_jobslot.slot + excluded.slot""",
        {"sum": sum(fact.number for fact in facts)},
    )
    if any(fact.mood == "poison" for fact in facts):
        raise RuntimeError("this fact cannot be handled")
    for watch in watchers:
        watch(facts)


def counted() -> int:
    row = JobSlot.objects.filter(job="lamps").first()
    return row.slot if row else 0
