"""What a merchant asks of a payer, as the signed address says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core import signing

from apps.platform.errors import NotFound

SALT = "bank.consent.1"
LIFE = timedelta(hours=1)


class UnknownRequest(NotFound):
    code = "unknown-request"
    title = "This address is not (or no longer) one of ours."


@dataclass(frozen=True)
class Asked:
    reference: UUID
    amount: int
    currency: str
    payee: str
    return_url: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.return_url)
        return f"{parts.scheme}://{parts.netloc}"


def read(token: str) -> Asked:
    """Raises UnknownRequest for forged, malformed and old ones alike."""
    try:
        said: dict[str, Any] = signing.loads(
            token,
            key=settings.BANK["WEBHOOK_SECRET"],
            fallback_keys=settings.BANK["OLD_WEBHOOK_SECRETS"],
            salt=SALT,
            max_age=LIFE,
        )
        asked = Asked(UUID(said["r"]), int(said["a"]), str(said["c"]), str(said["p"]), str(said["u"]))
    except (signing.BadSignature, ValueError, TypeError, KeyError, AttributeError):
        raise UnknownRequest from None
    if urlsplit(asked.return_url).scheme not in ("http", "https"):
        raise UnknownRequest
    return asked
