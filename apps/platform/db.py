"""Short ways to plain SQL, for the places where one statement says it better than the ORM."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections


def rows(
    sql: str, params: Sequence[Any] | dict[str, Any] | None = None, *, using: str = "default"
) -> list[dict[str, Any]]:
    """Run `sql` and return its rows as dicts."""
    with connections[using].cursor() as cursor:
        cursor.execute(sql, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def execute(sql: str, params: Sequence[Any] | dict[str, Any] | None = None, *, using: str = "default") -> int:
    """Run `sql` and return how many rows it touched."""
    with connections[using].cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def in_transaction(using: str = "default") -> bool:
    """Whether a transaction block is open on this thread's connection."""
    return bool(connections[using].in_atomic_block)
