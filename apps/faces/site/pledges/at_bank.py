"""The way to the bank's own page and back."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from apps.pledges import interface as pledges

POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; img-src 'self' data:; "
    "form-action 'self' {bank}"
)


def page_of(pledge_id: UUID, payee: str) -> str | None:
    """Where this gift waits for its donor's yes; None when it does not."""
    back = reverse("site:returned", args=[pledges.return_token(pledge_id=pledge_id)])
    return pledges.bank_page(pledge_id=pledge_id, payee=payee, return_url=settings.PUBLIC_URL + back)


def allow(response: HttpResponse) -> HttpResponse:
    """Browsers follow a form's redirect only to where the page's policy lets forms go."""
    bank = urlsplit(settings.BANK["PAGE_URL"])
    response.headers["Content-Security-Policy"] = POLICY.format(bank=f"{bank.scheme}://{bank.netloc}")
    return response
