"""The audit's register: each context adds checks as SQL that returns the offending rows, none when all is well.

What lies in two databases is compared by what each context exports, row by row: no context reads another's database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
Judge = Callable[[Row | None, Row | None], str]


@dataclass(frozen=True)
class Check:
    """`code` is the row of docs/invariants.md, `sql` returns offending rows (first column: what to look at)."""

    code: str
    title: str
    sql: str
    explain: str
    database: str = "default"


@dataclass(frozen=True)
class Export:
    """Rows of one context for comparisons. `sql` returns them ordered by their first column `key`, each key once."""

    name: str
    database: str
    sql: str


@dataclass(frozen=True)
class Comparison:
    """Two exports side by side. `judge(ours, theirs)` says in a few words what is wrong with a key, "" when nothing is.

    `alike` names columns of both: where they are the same on both sides, nothing is wrong, and nobody has to look.
    """

    code: str
    title: str
    ours: Export
    theirs: str
    judge: Judge
    explain: str
    alike: tuple[str, ...] = ()
    database: str = "default"


_checks: list[Check] = []
_exports: dict[str, Export] = {}
_comparisons: list[Comparison] = []


def check(*, code: str, title: str, sql: str, explain: str, database: str = "default") -> None:
    """Register one check; the same code may have several."""
    found = Check(code, title, sql, explain, database)
    if found not in _checks:
        _checks.append(found)


def export(*, name: str, database: str, sql: str) -> None:
    """Offer rows for comparison under a name."""
    _exports[name] = Export(name, database, sql)


def compare(
    *, code: str, title: str, ours: str, theirs: str, judge: Judge, explain: str, alike: tuple[str, ...] = ()
) -> None:
    """Register a comparison of our rows (SQL like an export's) with the export named `theirs`."""
    found = Comparison(code, title, Export(title, "default", ours), theirs, judge, explain, alike)
    if found not in _comparisons:
        _comparisons.append(found)


def checks() -> list[Check]:
    return sorted(_checks, key=place_of)


def comparisons() -> list[Comparison]:
    return sorted(_comparisons, key=place_of)


def exported(name: str) -> Export:
    """Raises KeyError for a name that nobody exports."""
    return _exports[name]


def due_facts(subscription: str, *types: str) -> str:
    """SQL for (type, payload) of the facts of `types` that `subscription` has not handled yet. Reads the queues' small
    indexes, however many facts are kept."""
    wanted = ", ".join(f"'{each}'" for each in types)
    waiting = f"""
        SELECT event.type, event.payload
        FROM outbox_delivery AS delivery JOIN outbox_event AS event ON event.id = delivery.event_id
        WHERE delivery.subscription = '{subscription}' AND event.type IN ({wanted}) AND"""  # noqa: S608
    return f"""
        SELECT event.type, event.payload FROM outbox_event AS event WHERE NOT is_fanned_out AND event.type IN ({wanted})
        UNION ALL {waiting} delivery.done_at IS NULL AND delivery.dead_at IS NULL
        UNION ALL {waiting} delivery.dead_at IS NOT NULL
    """  # noqa: S608  composed of constants


def place_of(each: Check | Comparison) -> tuple[str, int, str]:
    """Where a check stands in the report: by the letter and number of its code, then by title."""
    return each.code[0], int("".join(filter(str.isdigit, each.code)) or 0), each.title
