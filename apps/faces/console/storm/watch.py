"""Figures of the running system over time, asked of the database: they go on while the web is dead."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError, connections

from apps.platform.gauges import gauges

EVERY = 0.5
LAG, PENDING = "careforall_outbox_lag_seconds", "careforall_outbox_pending"
CIRCUIT, DUE = "careforall_provider_circuit_state", "careforall_provider_operations_due"
WATCHED = (LAG, PENDING, CIRCUIT, DUE)


@dataclass(frozen=True)
class Sample:
    """`at` seconds into the storm. `circuit`: 0 closed, 1 half open, 2 open."""

    at: float
    lag: float
    pending: float
    circuit: float
    due: float


class Watcher:
    """Takes a sample twice a second until told to stop."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._stop = threading.Event()
        self.samples: list[Sample] = []

    def play(self) -> None:
        try:
            while not self._stop.wait(EVERY):
                try:
                    self.samples.append(self._sample())
                except DatabaseError:  # the database is being restarted: a gap in the picture
                    connections["default"].close()
        finally:
            connections.close_all()

    def stop(self) -> None:
        self._stop.set()

    def _sample(self) -> Sample:
        asked = {each.name: each.ask for each in gauges() if each.name in WATCHED}
        figures = {}
        for name, ask in asked.items():
            found = ask()
            figures[name] = found if isinstance(found, int | float) else max((value for _, value in found), default=0.0)
        return Sample(self._clock(), figures[LAG], figures[PENDING], figures[CIRCUIT], figures[DUE])
