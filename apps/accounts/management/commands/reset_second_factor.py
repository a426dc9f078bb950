from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts import interface as accounts
from apps.platform.actors import SYSTEM


class Command(BaseCommand):
    help = "Takes the second factor off an account whose owner lost phone and codes. Make sure that it is the owner who asks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        person = accounts.find_user_by_email(email=options["email"])
        if person is None:
            raise CommandError("There is no account with this address.")
        if not accounts.has_second_factor(user_id=person.id):
            raise CommandError("This account has no second factor.")
        accounts.disable_second_factor(user_id=person.id, by=SYSTEM)
        self.stdout.write("It is off, and every session has ended. A letter tells the owner.")
