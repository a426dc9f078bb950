from django.conf import settings
from django.core.management.base import BaseCommand

from apps.accounts import interface as accounts


class Command(BaseCommand):
    help = "Makes the installation's own API key (BANK_API_KEY) known. Repeatable."

    def handle(self, *args: object, **options: object) -> None:
        accounts.ensure_api_key(key=settings.BANK["API_KEY"], name="payments to bank", scopes=["bank"])
