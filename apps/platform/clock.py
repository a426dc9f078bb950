"""The time. Everything asks here, so that a test can hold or move the clock without patching."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class WrongClock:
    """Goes, but is off by `offset`."""

    def __init__(self, offset: timedelta) -> None:
        self.offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


class FrozenClock:
    """Stands still until told to move."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, step: timedelta) -> None:
        self.at += step


_clock: Clock = SystemClock()


def now() -> datetime:
    """The current time, aware, in UTC."""
    return _clock.now()


def set_off(offset: timedelta) -> None:
    """Let this process live with a wrong clock from now on, as a machine without time service does."""
    global _clock
    _clock = WrongClock(offset)


@contextmanager
def use(clock: Clock) -> Iterator[Clock]:
    """Let `clock` tell the time inside the block, in every thread of this process."""
    global _clock
    before, _clock = _clock, clock
    try:
        yield clock
    finally:
        _clock = before


def rfc3339(moment: datetime) -> str:
    """RFC 3339 in UTC with `Z` and milliseconds, as the API shows times."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
