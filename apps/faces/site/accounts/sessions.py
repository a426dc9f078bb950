"""Where one is signed in, and ending it: one place, or all others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from ua_parser import parse

from apps.accounts import interface as accounts

from .views import _signed_in


@dataclass(frozen=True)
class Place:
    id: UUID
    device: str
    is_app: bool
    started_at: datetime
    last_seen_at: datetime
    is_current: bool


@never_cache
@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    return render(request, "site/accounts/sessions.html", {"places": places(request)})


@never_cache
@login_required
@require_POST
def end(request: HttpRequest, session_id: UUID) -> HttpResponse:
    if any(each.id == session_id and each.is_current for each in places(request)):
        logout(request)
        return redirect("site:home")
    if accounts.end_session(user_id=_signed_in(request), session_id=session_id):
        messages.success(request, _("You are signed out there."))
    return redirect("site:sessions")


def places(request: HttpRequest) -> list[Place]:
    found = accounts.list_sessions(user_id=_signed_in(request), session_key=request.session.session_key)
    return [
        Place(each.id, device(each.user_agent), each.kind == "api", each.started_at, each.last_seen_at, each.is_current)
        for each in found
    ]


def device(user_agent: str) -> str:
    """Browser and system by their names, as far as the browser tells."""
    known: Any = parse(user_agent)
    browser = known.user_agent.family if known.user_agent else ""
    system = known.os.family if known.os else ""
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A device that does not say what it is")
