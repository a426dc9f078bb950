"""`manage.py audit`: every registered invariant, checked in one snapshot per database."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections, transaction
from django.db.backends.utils import CursorWrapper

from apps.platform.audits import Check, checks

SHOWN = 20


@dataclass(frozen=True)
class Result:
    """`count` offending rows, the first of them in `rows`; `error` when the check itself could not be run."""

    check: Check
    rows: tuple[dict[str, Any], ...]
    count: int
    seconds: float
    error: str = ""

    @property
    def holds(self) -> bool:
        return self.count == 0 and not self.error


class Command(BaseCommand):
    help = "Check every money and event invariant. Exit 0 when all hold, 1 with the offending rows named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable output")
        parser.add_argument("--explain", action="store_true", help="say what each broken check means and what to do")

    def handle(self, *args: Any, **options: Any) -> None:
        results = run_checks()
        write = self._write_json if options["json"] else self._write_lines
        write(results, options["explain"])
        if not all(result.holds for result in results):
            raise SystemExit(1)

    def _write_lines(self, results: list[Result], explain: bool) -> None:
        width = max((len(result.check.title) for result in results), default=0)
        for result in results:
            mark = "✓" if result.holds else "✗"
            figures = result.error or (f"{result.count} rows" if result.count else "")
            name = f"{mark} {result.check.code:<4} {result.check.title:<{width}}"
            self.stdout.write(f"{name} {result.seconds * 1000:7.1f} ms  {figures}".rstrip())
            if explain:
                self.stdout.write(f"       {result.check.explain}")
            for row in result.rows:
                self.stdout.write("       " + "  ".join(f"{name}={value}" for name, value in row.items()))
            if result.count > len(result.rows):
                self.stdout.write(f"       … and {result.count - len(result.rows)} more")
        broken = sum(not result.holds for result in results)
        seconds = sum(result.seconds for result in results)
        self.stdout.write(f"{len(results)} checks in {seconds:.2f} s: {f'{broken} broken' if broken else 'all hold'}.")

    def _write_json(self, results: list[Result], explain: bool) -> None:
        lines = [
            {
                "code": result.check.code,
                "title": result.check.title,
                "database": result.check.database,
                "holds": result.holds,
                "count": result.count,
                "rows": result.rows,
                "seconds": round(result.seconds, 4),
                **({"error": result.error} if result.error else {}),
                **({"explain": result.check.explain} if explain else {}),
            }
            for result in results
        ]
        report = {"holds": all(result.holds for result in results), "checks": lines}
        self.stdout.write(json.dumps(report, default=str, ensure_ascii=False))


def run_checks() -> list[Result]:
    """All checks in the order of their codes, all of one database in one snapshot."""
    results: dict[Check, Result] = {}
    for database in sorted({check.database for check in checks()}):
        with _snapshot(database) as cursor:
            for check in checks():
                if check.database == database:
                    results[check] = _run(check, cursor)
    return [results[check] for check in checks()]


@contextmanager
def _snapshot(database: str) -> Iterator[CursorWrapper]:
    """A REPEATABLE READ, READ ONLY transaction without the time limit that requests have."""
    with transaction.atomic(using=database), connections[database].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield cursor


def _run(check: Check, cursor: CursorWrapper) -> Result:
    started = time.monotonic()
    try:
        with transaction.atomic(using=check.database):
            cursor.execute(check.sql)
            names = [column[0] for column in cursor.description or ()]
            rows = tuple(dict(zip(names, row, strict=True)) for row in cursor.fetchmany(SHOWN))
            return Result(check, rows, cursor.rowcount, time.monotonic() - started)
    except DatabaseError as error:
        reason = f"could not be run: {str(error).splitlines()[0]}"
        return Result(check, (), 0, time.monotonic() - started, reason)
