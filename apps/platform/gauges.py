"""Figures that are asked of the database when Prometheus scrapes: right with any number of processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

Sample = tuple[tuple[str, ...], float]
Ask = Callable[[], float | Iterable[Sample]]
AskT = TypeVar("AskT", bound=Ask)


@dataclass(frozen=True)
class Gauge:
    name: str
    help: str
    labels: tuple[str, ...]
    ask: Ask
    is_counter: bool


_gauges: dict[str, Gauge] = {}


def gauge(name: str, help: str, labels: tuple[str, ...] = (), *, is_counter: bool = False) -> Callable[[AskT], AskT]:
    """Register a figure. The function returns a number, or (label values, number) pairs when there are labels."""

    def register(ask: AskT) -> AskT:
        _gauges[name] = Gauge(name, help, labels, ask, is_counter)
        return ask

    return register


def gauges() -> list[Gauge]:
    return list(_gauges.values())
