from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Drained:
    """What one run of the relay did: facts fanned out, deliveries done and failed."""

    fanned_out: int
    done: int
    failed: int


@dataclass(frozen=True)
class AuditReport:
    """An audit of the timetable: how many checks ran, how many are broken, and those with their first rows and what to do."""

    finished_at: datetime
    seconds: float
    checks: int
    violations: int
    report: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class DeadLetters:
    """Deliveries of one kind of fact to one subscription that were given up for one reason. `event_ids` are the oldest five."""

    subscription: str
    type: str
    last_error: str
    number: int
    oldest_at: datetime
    given_up_at: datetime
    event_ids: tuple[str, ...]


@dataclass(frozen=True)
class Incident:
    """When a part of the product (`apps.platform.health`) did not do well; `ended_at` is None while that lasts."""

    part: str
    level: str
    began_at: datetime
    ended_at: datetime | None
