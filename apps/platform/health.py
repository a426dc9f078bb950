"""How the parts of the product do, in three levels, judged by the figures that the alerts are judged by.

For everyone's eyes: the public page of states, and its memory of incidents, which is kept in `apps.outbox`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django import db

from . import gauges, hints

GOOD, SLOW, DOWN, UNKNOWN = "good", "slow", "down", "unknown"
GIVING, LIVE = "giving", "live"


@dataclass(frozen=True)
class Rule:
    """A part, the gauge that tells of it, and from which value on it is slow or down."""

    part: str
    gauge: str
    slow: float
    down: float


RULES = (
    Rule("payments", "careforall_provider_circuit_state", 1, 2),
    Rule("totals", "careforall_outbox_lag_seconds", 30, 600),
    Rule("letters", "careforall_letters_oldest_seconds", 3600, 6 * 3600),
    Rule("books", "careforall_ledger_drift_minor", 1, math.inf),
)
PARTS = (GIVING, *(rule.part for rule in RULES), LIVE)


def levels() -> dict[str, str]:
    """The level of each part, in the order of PARTS. Never fails: without the database no gift is taken, and what only it
    could tell is unknown."""
    known = {gauge.name: gauge for gauge in gauges.gauges()}
    found = {GIVING: GOOD}
    for rule in RULES:
        try:
            found[rule.part] = _level(rule, _worst(known[rule.gauge]))
        except db.Error:
            found[GIVING], found[rule.part] = DOWN, UNKNOWN
    # Without pokes a live page looks by itself every some seconds.
    found[LIVE] = GOOD if hints.is_there() else SLOW
    return found


def _level(rule: Rule, value: float) -> str:
    return DOWN if value >= rule.down else SLOW if value >= rule.slow else GOOD


def _worst(gauge: gauges.Gauge) -> float:
    answer = gauge.ask()
    return float(answer) if isinstance(answer, int | float) else max((value for _, value in answer), default=0.0)
