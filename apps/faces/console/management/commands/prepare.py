from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrates both databases and makes the installation's own API key known: what a start needs, in one process."

    def handle(self, *args: object, **options: object) -> None:
        for database in ("default", "bank"):
            call_command("migrate", interactive=False, verbosity=0, database=database)
        call_command("bootstrap")
