from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from apps.platform.errors import Refused
from apps.reporting import interface as reporting


class Command(BaseCommand):
    help = "Builds a projection of reports anew beside the old one, then exchanges the two. Nothing has to stop for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "name", choices=reporting.PROJECTIONS, help="`gifts` builds all that follows from it as well"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as shown:
            task = shown.add_task(options["name"], total=None)
            try:
                rows = reporting.rebuild(
                    name=options["name"], progress=lambda done, total: shown.update(task, completed=done, total=total)
                )
            except Refused as refused:
                raise CommandError(refused.detail) from None
        self.stdout.write(f"{options['name']}: {rows} rows.")
