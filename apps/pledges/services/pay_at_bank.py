"""Paying on the bank's own page: the way there, and the signed way back to the gift's page."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core import signing

from apps.payments import interface as payments

from ..errors import PledgeNotFound
from ..queries.tokens import tracking_token

SALT = "pledges.return"
LIFE = timedelta(hours=2)


def bank_page(*, pledge_id: UUID, payee: str, return_url: str) -> str | None:
    """Where this gift is approved, None when it does not wait for that. `return_url` holds a `return_token`."""
    return payments.consent_page(reference=pledge_id, payee=payee, return_url=return_url)


def return_token(*, pledge_id: UUID) -> str:
    """For the address that the bank sends the donor back to; good for two hours. It leads to the gift's page."""
    return signing.dumps(pledge_id.hex, salt=SALT)


def returned_to(*, token: str) -> str:
    """The tracking token of the gift that a return address is about. Raises PledgeNotFound for forged and old ones alike."""
    try:
        return tracking_token(pledge_id=UUID(signing.loads(token, salt=SALT, max_age=LIFE)))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        raise PledgeNotFound from None
