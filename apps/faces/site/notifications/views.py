"""A person's messages: the list behind the bell, where and when they are wanted, and the way to say no."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.faces.shared.auth import actor_of_page
from apps.faces.shared.jsonio import json_response
from apps.faces.site.errors import page
from apps.notifications import interface as notifications

from .forms import PreferencesForm

PAGE_SIZE = 30


@never_cache
@login_required
@require_safe
@page
def inbox(request: HttpRequest) -> HttpResponse:
    shown = notifications.list_inbox(
        user_id=_user_id(request), cursor=request.GET.get("cursor") or None, page_size=PAGE_SIZE
    )
    entries = [{"entry": each, "href": _href(each)} for each in shown.results]
    return render(request, "site/notifications/inbox.html", {"entries": entries, "next_cursor": shown.next_cursor})


@never_cache
@require_safe
def unread(request: HttpRequest) -> HttpResponse:
    """The bell's figure alone, for pages whose socket is away; 0 for who is not signed in."""
    user_id = _user_id(request)
    return json_response({"unread": notifications.unread_count(user_id=user_id) if user_id else 0})


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    up_to = request.POST.get("up_to", "")
    notifications.mark_read(
        user_id=_user_id(request), up_to=int(up_to) if up_to.isascii() and up_to.isdigit() and len(up_to) < 19 else None
    )
    return redirect("site:inbox")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@page
def preferences(request: HttpRequest) -> HttpResponse:
    user_id = _user_id(request)
    said = notifications.get_preferences(user_id=user_id, roles=actor_of_page(request).roles)
    form = PreferencesForm(request.POST if request.method == "POST" else None, preferences=said)
    if form.is_valid():
        form.save(user_id)
        messages.success(request, _("Your wishes were saved."))
        return redirect("site:inbox-preferences")
    status = 422 if form.is_bound else 200
    return render(request, "site/notifications/preferences.html", {"form": form}, status=status)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A mail reader posts here without a session (RFC 8058): the signed token is the right. A person gets a button first,
    since scanners of mail open every link."""
    is_done = request.method == "POST"
    if is_done:
        notifications.unsubscribe(token=token)
    response = render(request, "site/notifications/unsubscribe.html", {"is_done": is_done})
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _href(entry: notifications.InboxEntry) -> str:
    """Where an entry leads, empty where there is nothing more to see."""
    data: dict[str, Any] = entry.data
    if entry.kind == "receipt_ready":
        return reverse("site:receipt", args=[data["pledge"]])
    if entry.kind in ("answer_waiting", "question_waiting"):
        return reverse("site:conversation", args=[data["room"]])
    if entry.kind in ("mentioned", "message_reported"):
        return reverse("site:chat" if entry.kind == "mentioned" else "site:chat-desk", args=[data["slug"]])
    return reverse("site:campaign", args=[data["slug"]]) if data.get("slug") else ""


def _user_id(request: HttpRequest) -> Any:
    return request.user.pk
