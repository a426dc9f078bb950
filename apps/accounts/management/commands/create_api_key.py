from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.accounts import interface as accounts


class Command(BaseCommand):
    help = "Makes an API key and prints it, this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument("--scope", action="append", default=[], help="for instance: bank")

    def handle(self, *args: Any, **options: Any) -> None:
        _, plain = accounts.create_api_key(name=options["name"], scopes=options["scope"])
        self.stdout.write(plain)
