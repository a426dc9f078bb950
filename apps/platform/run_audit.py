"""Run the audit: every registered invariant, in one snapshot per database, in bounded memory."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import DatabaseError, connections, transaction
from django.db.backends.utils import CursorWrapper

from .audits import Check, Comparison, Export, Row, checks, comparisons, exported, place_of

SHOWN = 20
PAGE = 2000
BUCKETS = 4096
_BUCKET = f"hashtextextended(key::text, 0) & {BUCKETS - 1}"
DATABASES = ("default", "bank")
"""Ours first: what is booked here in its snapshot must be in the provider's later one."""


@dataclass(frozen=True)
class Result:
    """`count` offending rows, the first of them in `rows`; `error` when the check itself could not be run."""

    check: Check | Comparison
    rows: tuple[Row, ...]
    count: int
    seconds: float
    error: str = ""

    @property
    def holds(self) -> bool:
        return self.count == 0 and not self.error

    def as_json(self, *, explain: bool = False) -> dict[str, Any]:
        """The stable shape of `manage.py audit --json`."""
        return {
            "code": self.check.code,
            "title": self.check.title,
            "database": self.check.database,
            "holds": self.holds,
            "count": self.count,
            "rows": self.rows,
            "seconds": round(self.seconds, 4),
            "error": self.error,
            **({"explain": self.check.explain} if explain else {}),
        }


def run_audit(*, only: Collection[str] = ()) -> list[Result]:
    """All checks in the order of their codes, or those whose code is in `only`."""
    with ExitStack() as snapshots:
        cursors = {database: snapshots.enter_context(_snapshot(database)) for database in DATABASES}
        found = [run_comparison(each) for each in comparisons() if not only or each.code in only]
        found += [run_check(each, cursors[each.database]) for each in checks() if not only or each.code in only]
    return sorted(found, key=lambda result: place_of(result.check))


@contextmanager
def _snapshot(database: str) -> Iterator[CursorWrapper]:
    """A REPEATABLE READ, READ ONLY transaction without the time limit that requests have. Its first query takes it."""
    with transaction.atomic(using=database), connections[database].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SET LOCAL work_mem = '64MB'")
        yield cursor


def run_check(check: Check, cursor: CursorWrapper) -> Result:
    """One check on a cursor of its database, in the transaction that is open there."""
    started = time.monotonic()
    try:
        with transaction.atomic(using=check.database):
            # Counted there and not here: a broken book may have a million offending rows.
            cursor.execute(
                f"""WITH found AS MATERIALIZED ({check.sql})
                    SELECT (SELECT count(*) FROM found) AS all_of_them, found.* FROM found LIMIT {SHOWN}"""  # noqa: S608
            )
            names = [column[0] for column in cursor.description or ()]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    except DatabaseError as error:
        reason = f"could not be run: {str(error).splitlines()[0]}"
        return Result(check, (), 0, time.monotonic() - started, reason)
    count = rows[0]["all_of_them"] if rows else 0
    shown = tuple({name: value for name, value in row.items() if name != "all_of_them"} for row in rows)
    return Result(check, shown, count, time.monotonic() - started)


def run_comparison(comparison: Comparison) -> Result:
    """One comparison, a page of each side in memory at a time. Two open snapshots make it exact.

    Keys lie in buckets, whose contents each database sums up by itself; only where the sums differ are rows looked at.
    """
    started = time.monotonic()
    shown: list[Row] = []
    count = 0
    theirs = exported(comparison.theirs)
    try:
        unlike = _unlike(comparison, theirs)
        with _stream(comparison.ours, unlike) as our_rows, _stream(theirs, unlike) as their_rows:
            for our, their in _side_by_side(our_rows, their_rows):
                if what := comparison.judge(our, their):
                    count += 1
                    if count <= SHOWN:
                        key = (our or their or {})["key"]
                        shown.append({"key": key, "what": what, **_named("our", our), **_named("their", their)})
    except DatabaseError as error:
        reason = f"could not be run: {str(error).splitlines()[0]}"
        return Result(comparison, (), 0, time.monotonic() - started, reason)
    return Result(comparison, tuple(shown), count, time.monotonic() - started)


def _unlike(comparison: Comparison, theirs: Export) -> list[int] | None:
    """The buckets in which the two sides are not alike; None when all have to be looked at."""
    if not comparison.alike:
        return None
    ours, others = _sums(comparison.ours, comparison.alike), _sums(theirs, comparison.alike)
    return sorted(bucket for bucket in ours.keys() | others.keys() if ours.get(bucket) != others.get(bucket))


def _sums(export: Export, columns: Sequence[str]) -> dict[int, tuple[int, Decimal]]:
    """Number of rows, and sum of the hashes of what is compared, by bucket. Hashes need 64 bits to be taken for equal."""
    told = ", ".join(("key", *columns))
    with transaction.atomic(using=export.database), connections[export.database].cursor() as cursor:
        cursor.execute(
            f"""SELECT {_BUCKET}, count(*), sum(hashtextextended(ROW({told})::text, 0))
                FROM ({export.sql}) AS side GROUP BY 1"""  # noqa: S608  composed of constants
        )
        return {bucket: (number, total) for bucket, number, total in cursor.fetchall()}


@contextmanager
def _stream(export: Export, buckets: Sequence[int] | None) -> Iterator[Iterator[Row]]:
    """Rows, of these buckets or all, through a cursor of the server's, a page in memory at a time."""
    sql = export.sql
    if buckets is not None:
        within = ",".join(map(str, buckets))
        sql = f"SELECT * FROM ({sql}) AS side WHERE {_BUCKET} = ANY ('{{{within}}}') ORDER BY key"  # noqa: S608  numbers
    with transaction.atomic(using=export.database), connections[export.database].chunked_cursor() as cursor:
        cursor.execute(sql)
        yield _paged(cursor)


def _paged(cursor: CursorWrapper) -> Iterator[Row]:
    while rows := cursor.fetchmany(PAGE):
        names = [column[0] for column in cursor.description]
        for row in rows:
            yield dict(zip(names, row, strict=True))


def _side_by_side(ours: Iterator[Row], theirs: Iterator[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    """Join two streams that are ordered by `key`; what one side lacks is None."""
    our, their = next(ours, None), next(theirs, None)
    while our is not None or their is not None:
        if their is None or (our is not None and our["key"] < their["key"]):
            yield our, None
            our = next(ours, None)
        elif our is None or their["key"] < our["key"]:
            yield None, their
            their = next(theirs, None)
        else:
            yield our, their
            our, their = next(ours, None), next(theirs, None)


def _named(whose: str, row: Row | None) -> Row:
    return {f"{whose}_{name}": value for name, value in (row or {}).items() if name != "key"}
