"""The desk of a campaign's room: what its team decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apps.chat import interface as chat
from apps.faces.site.errors import page
from apps.platform.errors import Invalid, NotFound

from .here import find
from .views import back, message_id

PACES = (0, 10, 30, 60, 300)
MUTES = (10, 60, 1440, 10080)
ACTIONS = {
    "remove": gettext_lazy("removed a message of"),
    "mute": gettext_lazy("muted"),
    "ban": gettext_lazy("banned"),
    "unmute": gettext_lazy("lifted the mute of"),
    "unban": gettext_lazy("lifted the ban of"),
    "slow": gettext_lazy("set slow mode"),
    "words": gettext_lazy("changed the blocked words"),
    "keep": gettext_lazy("kept a reported message"),
}


@require_safe
@page
def desk(request: HttpRequest, kind: str, **where: Any) -> HttpResponse:
    here = find(request, kind, where)
    found = chat.read_desk(place=here.place)
    trail = [(line, ACTIONS[line.action]) for line in found.trail]
    context = {"here": here, "place": here.place, "desk": found, "trail": trail, "paces": PACES, "is_private": True}
    return render(request, "site/chat/desk.html", context)


@require_POST
@page
def restrict(request: HttpRequest, kind: str, **where: Any) -> HttpResponse:
    """Mute or ban who wrote a message."""
    here = find(request, kind, where)
    about: dict[str, Any] = {"room_id": here.place.room.id, "visitor": here.visitor, "message_id": message_id(request)}
    reason = request.POST.get("reason", "")
    if request.POST.get("kind") == "ban":
        chat.ban(**about, reason=reason)
        notices.success(request, _("They cannot write here until you lift the ban."))
    else:
        chat.mute(**about, minutes=_number(request, "minutes"), reason=reason)
        notices.success(request, _("They cannot write here for a while."))
    return back(request, here)


@require_POST
@page
def release(request: HttpRequest, kind: str, **where: Any) -> HttpResponse:
    here = find(request, kind, where)
    try:
        person_id = UUID(request.POST.get("person_id", ""))
    except ValueError:
        raise NotFound from None
    chat.lift(
        room_id=here.place.room.id, visitor=here.visitor, person_id=person_id, kind=request.POST.get("kind", "")[:4]
    )
    return redirect(here.url("desk"))


@require_POST
@page
def pace(request: HttpRequest, kind: str, **where: Any) -> HttpResponse:
    here = find(request, kind, where)
    chat.set_pace(room_id=here.place.room.id, visitor=here.visitor, seconds=_number(request, "seconds"))
    notices.success(request, _("Saved."))
    return redirect(here.url("desk"))


@require_POST
@page
def words(request: HttpRequest, kind: str, **where: Any) -> HttpResponse:
    here = find(request, kind, where)
    given = request.POST.get("words", "").replace(",", "\n").splitlines()
    chat.set_blocked_words(room_id=here.place.room.id, visitor=here.visitor, words=given)
    notices.success(request, _("Saved."))
    return redirect(here.url("desk"))


@require_POST
@page
def keep(request: HttpRequest, kind: str, **where: Any) -> HttpResponse:
    """Leave a reported message where it is."""
    here = find(request, kind, where)
    chat.close_reports(room_id=here.place.room.id, visitor=here.visitor, message_id=message_id(request))
    return redirect(here.url("desk"))


def _number(request: HttpRequest, name: str) -> int:
    raw = request.POST.get(name, "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 7):
        raise Invalid.field(name, "invalid", _("Use a whole number."))
    return int(raw)
