"""Work that one process at a time does, so that a backlog of it never takes every worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from . import db

_TRY = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0)) AS mine"
_LET_GO = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"


@contextmanager
def alone(work: str) -> Iterator[bool]:
    """Whether the caller may do `work` now: true for one process of the installation at a time, false for all others.

    The lock belongs to the database session: a killed process lets go of it. Behind a pooler that shares sessions
    (PgBouncer in transaction mode) give workers a direct connection.
    """
    mine = bool(db.rows(_TRY, [work])[0]["mine"])
    try:
        yield mine
    finally:
        if mine:
            db.rows(_LET_GO, [work])
