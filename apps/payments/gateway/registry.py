"""Which providers there are. Settings choose where they live; tests point them at a server of their own."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from ..errors import UnknownProvider
from .bank import BankProvider
from .protocol import Provider


def names() -> list[str]:
    return ["bank"]


def provider(name: str) -> Provider:
    """Raises UnknownProvider."""
    if name != "bank":
        raise UnknownProvider
    bank = settings.BANK
    secrets = (bank["WEBHOOK_SECRET"], *bank["OLD_WEBHOOK_SECRETS"])
    return _bank(bank["URL"], bank["API_KEY"], secrets, bank["PAGE_URL"])


@lru_cache(maxsize=8)
def _bank(url: str, api_key: str, webhook_secrets: tuple[str, ...], page_url: str) -> BankProvider:
    return BankProvider(url=url, api_key=api_key, webhook_secrets=webhook_secrets, page_url=page_url)
