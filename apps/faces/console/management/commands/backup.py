"""`manage.py backup FILE`: both databases and the media in one file, while everything goes on."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from runtime.backups import BackupFailed, back_up

from ...places import installation


class Command(BaseCommand):
    help = "Write both databases and the media to FILE. Secrets are not in it: keep DATA_DIR/secrets.env as well."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            size = back_up(installation(), options["file"])
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{options['file']}: {size / 1_000_000:.1f} MB. Keep DATA_DIR/secrets.env beside it: without")
        self.stdout.write("TRACKING_TOKEN_KEY the links that donors hold open nothing.")
