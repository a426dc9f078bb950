"""What a session remembers of the second factor: when it was last proved. Pages that move money ask how long ago that was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from apps.accounts import interface as accounts
from apps.platform import clock

MARK = "second_factor_at"


def mark(request: HttpRequest) -> None:
    """Note that this session has just proved the second factor."""
    request.session[MARK] = int(clock.now().timestamp())


def proved_at(request: HttpRequest) -> datetime | None:
    """When this session last proved the second factor; None when it never did. No query."""
    at = request.session.get(MARK)
    return datetime.fromtimestamp(at, UTC) if isinstance(at, int) else None


def is_fresh(request: HttpRequest, *, within: timedelta) -> bool:
    """Whether the second factor was proved in this session within that time. No query."""
    at = proved_at(request)
    return at is not None and clock.now() - at <= within


def demand(request: HttpRequest, *, within: timedelta, then: str = "") -> HttpResponse | None:
    """None when the second factor was proved within that time; else the way to prove it, or to set one up, and back to `then`
    (this page without it). For signed-in people; at most one query.
    """
    if is_fresh(request, within=within):
        return None
    has_one = accounts.has_second_factor(user_id=request.user.pk)  # type: ignore[arg-type]
    place = reverse("site:second-factor-prove" if has_one else "site:second-factor")
    return redirect(f"{place}?{urlencode({'next': then or request.get_full_path()})}")
