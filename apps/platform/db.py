"""Short ways to plain SQL, for the places where one statement says it better than the ORM."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections

from . import replica


def rows(
    sql: str, params: Sequence[Any] | dict[str, Any] | None = None, *, using: str = "default"
) -> list[dict[str, Any]]:
    """Run `sql` and return its rows as dicts. Inside a `replica.may_be_stale` it is asked of the replica."""
    with connections[replica.place(using)].cursor() as cursor:
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


def leave_pool(using: str = "default") -> None:
    """Give the calling thread a connection of its own, outside the pool that requests share.

    For threads that requests wait for: drawing on the same pool, they could wait for a connection of those who wait for them.
    """
    shared = connections[using]
    if shared.settings_dict["OPTIONS"].get("pool"):
        own = shared.copy()
        own.settings_dict["OPTIONS"].pop("pool")
        own.settings_dict["CONN_MAX_AGE"] = None
        shared.close()
        connections[using] = own
