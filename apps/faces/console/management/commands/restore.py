"""`manage.py restore FILE`: bring an installation to what a backup holds, then migrate and audit it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from runtime.backups import BackupFailed, restore

from ...places import installation


class Command(BaseCommand):
    help = "Replace both databases and add the media of a backup. Stop web, workers and scheduler first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="yes, what is in the databases now is to go")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["replace"] and self._has_gifts():
            raise CommandError("There are gifts in this installation: add --replace when they are to go.")
        connections.close_all()
        try:
            made_at = restore(options["file"], installation())
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored what was backed up at {made_at}.")
        call_command("migrate", "--noinput", "-v0")
        call_command("migrate", "--noinput", "-v0", "--database=bank")
        call_command("audit", stdout=self.stdout)

    @staticmethod
    def _has_gifts() -> bool:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT to_regclass('pledges_pledge') IS NOT NULL")
            if not cursor.fetchone()[0]:
                return False
            cursor.execute("SELECT EXISTS (SELECT FROM pledges_pledge)")
            return bool(cursor.fetchone()[0])
