import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from apps.accounts import interface as accounts
from apps.platform.actors import SYSTEM
from apps.platform.errors import Refused


class Command(BaseCommand):
    help = "Opens an account, with roles if asked: how the first staff user comes to be."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", action="append", default=[], choices=["manager", "staff"])
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        password = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else getpass("Password: ")
        try:
            with transaction.atomic():
                user = accounts.register(email=options["email"], password=password, name=options["name"])
                for role in options["role"]:
                    accounts.grant_role(user_id=user.id, role=role, by=SYSTEM)
        except Refused as refused:
            raise CommandError(" ".join(each.detail for each in refused.fields) or refused.detail) from None
        self.stdout.write(str(user.id))
