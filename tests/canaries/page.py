"""docs/guards.md, written from the tables beside this file."""

from __future__ import annotations

from .behaviours import BEHAVIOURS
from .guards import GUARDS
from .probes import Beside, Change, Kept, Orphan, Row, Statement, Twice

_SAYS = {
    Row: "refuses a row",
    Twice: "refuses a second row",
    Orphan: "refuses a row that refers to nothing",
    Change: "refuses a change",
    Kept: "refuses every change and deletion",
    Beside: "refuses a row beside another",
    Statement: "does its work whoever writes",
}
_HEAD = """# What holds the invariants, and the test that sees each guard fail

Written by `python -m tests.canaries > docs/guards.md`; a test compares. The codes are those of `manage.py audit`.

## In the databases

Each is tried by `tests/canaries/test_guards.py`, alone: with every other guard of its table off, it refuses a bad write in its
own name; with the guard itself off too, the same write goes through. A constraint, unique index or trigger that is not in this
table fails the test.

| guard | on | holds | what it does |
|---|---|---|---|
"""
_BEHAVIOURS = """
## In the code

Each is taken out of a copy of the source by `make test-faults`, and the test named here must then fail.

| guard | file | holds | test |
|---|---|---|---|
"""


def page() -> str:
    lines = [f"| `{each.name}` | `{each.table}` | {each.holds} | {_SAYS[type(each.probe)]} |\n" for each in GUARDS]
    others = [f"| {each.name} | `{each.file}` | {each.holds} | `{each.test}` |\n" for each in BEHAVIOURS]
    return _HEAD + "".join(lines) + _BEHAVIOURS + "".join(others)
