from __future__ import annotations

from dataclasses import dataclass

from .probes import Probe


@dataclass(frozen=True)
class Guard:
    """`holds` is the row of the invariants that it stands for."""

    table: str
    name: str
    holds: str
    probe: Probe

    @property
    def database(self) -> str:
        return "bank" if self.table.startswith("bank_") else "default"
