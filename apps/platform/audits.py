"""The audit's register: each context adds checks as SQL that returns the offending rows, none when all is well."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """`code` is the row of docs/invariants.md, `sql` returns offending rows (first column: what to look at)."""

    code: str
    title: str
    sql: str
    explain: str
    database: str = "default"


_checks: list[Check] = []


def check(*, code: str, title: str, sql: str, explain: str, database: str = "default") -> None:
    """Register one check; the same code may have several."""
    found = Check(code, title, sql, explain, database)
    if found not in _checks:
        _checks.append(found)


def checks() -> list[Check]:
    return sorted(
        _checks, key=lambda each: (each.code[0], int("".join(filter(str.isdigit, each.code)) or 0), each.title)
    )
