"""`manage.py audit`: every registered invariant, checked in one snapshot per database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.platform.run_audit import Result, run_audit


class Command(BaseCommand):
    help = "Check every money and event invariant. Exit 0 when all hold, 1 with the offending rows named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable output")
        parser.add_argument("--explain", action="store_true", help="say what each check means and what to do")
        parser.add_argument(
            "--only", action="append", default=[], metavar="CODE", help="only this code; may be repeated"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        results = run_audit(only=options["only"])
        write = self._write_json if options["json"] else self._write_lines
        write(results, options["explain"])
        if not results:
            self.stderr.write(f"There is no check {', '.join(options['only'])}.")
        if not results or not all(result.holds for result in results):
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
        report = {
            "holds": all(result.holds for result in results),
            "violations": sum(not result.holds for result in results),
            "checks": [result.as_json(explain=explain) for result in results],
        }
        self.stdout.write(json.dumps(report, default=str, ensure_ascii=False))
