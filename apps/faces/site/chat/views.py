from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages as notices
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.chat import interface as chat
from apps.chat.errors import MessageNotFound
from apps.faces.shared.auth import actor_of_page
from apps.faces.shared.chat_bodies import message_body
from apps.faces.shared.jsonio import json_response
from apps.faces.shared.limits import Limit, client_address
from apps.faces.shared.problems import STATUS, handled
from apps.faces.site.errors import page
from apps.platform.errors import Invalid, Refused

from .here import BESIDE, Here, find

MESSAGES = Limit(burst=30, per_second=1.0)
POLLED_MOST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@page
def room(request: HttpRequest, kind: str, **where: Any) -> HttpResponse:
    """A room's page. Without JavaScript its form writes, and loading it again shows what is new."""
    here = find(request, kind, where)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            _write(request, here)
            return redirect(here.url() + "#end")
        except Refused as error:
            refused = error
    before = request.GET.get("before", "")
    history = chat.read_history(place=here.place, before=int(before) if before.isascii() and before.isdigit() else None)
    if here.place.person and history.messages and not before:
        chat.mark_read(room_id=here.place.room.id, visitor=here.visitor, up_to=history.messages[-1].id)
    by_id = {each.id: each for each in history.messages}
    context = {
        "here": here,
        "place": here.place,
        "history": history,
        "lines": [(each, by_id.get(each.reply_to) if each.reply_to else None) for each in history.messages],
        "refused": refused,
        "text": request.POST.get("text", "") if refused else "",
        "client_id": request.POST.get("client_id", "") if refused else str(uuid4()),
        "reply": _own_choice(here, request.GET.get("reply") or (request.POST.get("reply_to") if refused else "")),
        "edit": _own_choice(here, request.GET.get("edit") or (request.POST.get("edit") if refused else "")),
        "is_private": kind != BESIDE,
    }
    response = render(request, "site/chat/room.html", context, status=STATUS[refused.kind] if refused else 200)
    if kind != BESIDE:
        _keep_private(response)
    return response


@require_safe
@handled
def messages(request: HttpRequest, kind: str, **where: Any) -> HttpResponse:
    """What changed behind `?after=` (a version), for pages whose socket is away."""
    here = find(request, kind, where)
    raw = request.GET.get("after", "0")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 18):
        raise Invalid.field("after", "invalid", "Use the version of the answer before.")
    found = chat.read_changes(after={here.place.room.id: int(raw)}, limit=POLLED_MOST).get(here.place.room.id)
    body = {
        "version": found.version if found else int(raw),
        "messages": [message_body(each) for each in found.messages] if found else [],
    }
    response = json_response(body)
    _keep_private(response)
    return response


@require_safe
@page
def conversations(request: HttpRequest) -> HttpResponse:
    """Support rooms: one's own, those of the campaigns one runs, all of them for staff."""
    actor = actor_of_page(request)
    if actor.user_id is None:
        return redirect_to_login(request.path)
    context = {"conversations": chat.list_conversations(viewer=actor), "is_private": True}
    return render(request, "site/chat/conversations.html", context)


@require_POST
@page
def ask_the_team(request: HttpRequest, token: str) -> HttpResponse:
    """From a gift's page to its support room, which is opened the first time."""
    MESSAGES.take(client_address(request))
    return redirect("site:support", chat.open_support_room(tracking_token=token))


@require_POST
@page
def remove(request: HttpRequest, kind: str, **where: Any) -> HttpResponse:
    here = find(request, kind, where)
    chat.remove_message(
        room_id=here.place.room.id,
        visitor=here.visitor,
        message_id=message_id(request),
        reason=request.POST.get("reason", ""),
    )
    notices.success(request, _("The message was removed."))
    return back(request, here)


@require_POST
@page
def report(request: HttpRequest, kind: str, **where: Any) -> HttpResponse:
    here = find(request, kind, where)
    chat.report_message(
        room_id=here.place.room.id,
        visitor=here.visitor,
        message_id=message_id(request),
        reason=request.POST.get("reason", ""),
    )
    notices.success(request, _("Thank you. The campaign's team will look at the message."))
    return back(request, here)


def message_id(request: HttpRequest) -> UUID:
    """The message that a form is about. Raises MessageNotFound."""
    try:
        return UUID(request.POST.get("message_id", ""))
    except ValueError:
        raise MessageNotFound from None


def back(request: HttpRequest, here: Here) -> HttpResponse:
    """To the page where the form stood."""
    return redirect(here.url("desk") if request.POST.get("from") == "desk" else here.url())


def _write(request: HttpRequest, here: Here) -> None:
    MESSAGES.take(client_address(request))
    text, edited = request.POST.get("text", ""), _uuid(request.POST.get("edit", ""))
    about: dict[str, Any] = {"room_id": here.place.room.id, "visitor": here.visitor, "message": text}
    if edited:
        chat.edit_message(**about, message_id=edited)
    else:
        chat.post_message(
            **about, client_id=request.POST.get("client_id", ""), reply_to=_uuid(request.POST.get("reply_to", ""))
        )


def _own_choice(here: Here, raw: str | None) -> chat.Message | None:
    """The message that the composer answers or changes, if it is still there."""
    chosen = _uuid(raw or "")
    found = chat.get_message(place=here.place, message_id=chosen) if chosen else None
    return found if found and not found.is_removed else None


def _uuid(raw: str) -> UUID | None:
    try:
        return UUID(raw)
    except ValueError:
        return None


def _keep_private(response: HttpResponse) -> None:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
