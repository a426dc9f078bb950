"""Opening a session: at once, or after the code of a second factor; then on to where the person was heading."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from apps.accounts import interface as accounts
from apps.platform import clock

ENTRY = "sign_in_waits"


def enter_or_ask(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """For someone whose password was right: in, or on to the page that asks for the code."""
    user, goal = session_user(user_id), request.POST.get("next", "")
    if not accounts.has_second_factor(user_id=user_id):
        enter(request, user)
        return go_on(request, goal)
    request.session[ENTRY] = {
        "user": str(user_id),
        "at": int(clock.now().timestamp()),
        "hash": user.get_session_auth_hash(),
        "next": goal,
    }
    return redirect("site:sign-in-code")


def enter(request: HttpRequest, user: Any) -> None:
    """Open the session; what waited for a code is over."""
    request.session.pop(ENTRY, None)
    login(request, user)


def go_on(request: HttpRequest, goal: str) -> HttpResponse:
    """To `goal` if it is of this site, else home."""
    return redirect(own_address(request, goal) or resolve_url(settings.LOGIN_REDIRECT_URL))


def own_address(request: HttpRequest, goal: str) -> str:
    """`goal` if it is an address of this site, else nothing: a link from elsewhere must not lead people away."""
    is_ours = url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure())
    return goal if is_ours else ""


def session_user(user_id: UUID) -> Any:
    """The person as sessions know them; None for deactivated people."""
    return ModelBackend().get_user(user_id)
