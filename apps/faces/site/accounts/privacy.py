"""What is kept about a person: to take along, to end, to erase."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import interface as accounts
from apps.chat import interface as chat
from apps.faces.shared.auth import actor_of_page
from apps.faces.shared.jsonio import dumps
from apps.notifications import interface as notifications
from apps.pledges import interface as pledges

from . import forms
from .entering import session_user
from .views import _done, _page, _signed_in, read_or_write

PAGE = 100


@never_cache
@login_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return _page(request, "site/accounts/privacy.html", forms.EraseForm())


@never_cache
@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Everything that is kept about the signed-in person, as one JSON file."""
    body = dumps(_everything(request, _signed_in(request)))
    headers = {"Content-Disposition": 'attachment; filename="careforall-my-data.json"'}
    return HttpResponse(body, content_type="application/json", headers=headers)


@never_cache
@login_required
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    user_id = _signed_in(request)
    accounts.end_sessions(user_id=user_id)
    update_session_auth_hash(request, session_user(user_id))  # this one goes on
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("site:sessions")


@never_cache
@sensitive_post_parameters("password")
@login_required
@read_or_write
def erase(request: HttpRequest) -> HttpResponse:
    form = forms.EraseForm(request.POST if request.method == "POST" else None)
    password = form.cleaned_data["password"] if form.is_valid() else ""
    if form.is_valid() and _done(form, partial(accounts.erase_account, user_id=_signed_in(request), password=password)):
        logout(request)
        messages.success(request, _("Your account is erased. Thank you for everything you gave."))
        return redirect("site:home")
    return _page(request, "site/accounts/erase.html", form)


def _everything(request: HttpRequest, user_id: UUID) -> dict[str, Any]:
    person = accounts.get_user(user_id=user_id)
    preferences = notifications.get_preferences(user_id=user_id, roles=person.roles)
    return {
        "account": {
            "id": person.id,
            "email": person.email,
            "name": person.name,
            "roles": sorted(person.roles),
            "created_at": person.created_at,
        },
        "sessions": accounts.list_sessions(user_id=user_id),
        "gifts": _gifts(request),
        "messages": _messages(user_id),
        "notifications": _notifications(user_id),
        "preferences": preferences,
    }


def _gifts(request: HttpRequest) -> list[Any]:
    found: list[Any] = []
    cursor: str | None = None
    while True:
        page = pledges.list_pledges(viewer=actor_of_page(request), campaign_id=None, cursor=cursor, page_size=PAGE)
        found += page.results
        if not (cursor := page.next_cursor):
            return found


def _messages(user_id: UUID) -> list[Any]:
    """What the person wrote in conversations."""
    found: list[chat.Message] = []
    while said := chat.own_messages(user_id=user_id, after=found[-1].id if found else None, limit=PAGE):
        found += said
    return [{"room": each.room_id, "at": each.at, "edited_at": each.edited_at, "text": each.text} for each in found]


def _notifications(user_id: UUID) -> list[Any]:
    found: list[Any] = []
    while entries := notifications.read_inbox(user_id=user_id, after=found[-1].seq if found else 0, limit=PAGE):
        found += entries
    return found
