from typing import Any

from django.core.management.base import BaseCommand

from apps.faces.console.event_catalogue import catalogue


class Command(BaseCommand):
    help = "Print docs/events.md: every event with its fields."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(catalogue(), ending="")
