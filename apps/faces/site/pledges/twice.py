"""Asks before the same gift is given again within minutes. What was given is remembered in the giver's browser alone, signed:
an e-mail address that somebody types must never tell what its owner gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from apps.platform import clock
from apps.pledges import interface as pledges

COOKIE, SALT = "given", "site.given"
ASKED_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Given:
    """A gift of a moment ago. `form` is the token of the form that made it, `token` its tracking token."""

    campaign_id: str
    amount: int
    at: datetime
    form: str
    token: str


def given_before(request: HttpRequest, *, campaign_id: UUID, amount: int, form: UUID) -> Given | None:
    """The same amount given to the same campaign with another form a moment ago, if this browser did. The same form sent
    again is not asked about: it is answered with the gift it made."""
    before = _read(request)
    if before is None or (before.campaign_id, before.amount) != (str(campaign_id), amount) or before.form == str(form):
        return None
    return before if clock.now() - before.at < ASKED_WITHIN else None


def remember(response: HttpResponse, made: pledges.MadePledge, *, form: UUID) -> None:
    seconds = int(made.created_at.timestamp())
    value = signing.dumps([str(made.campaign_id), made.amount, seconds, str(form), made.tracking_token], salt=SALT)
    response.set_cookie(
        COOKIE,
        value,
        max_age=int(ASKED_WITHIN.total_seconds()),
        path="/campaigns/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _read(request: HttpRequest) -> Given | None:
    try:
        campaign_id, amount, seconds, form, token = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
        return Given(campaign_id, amount, datetime.fromtimestamp(seconds, UTC), form, token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
