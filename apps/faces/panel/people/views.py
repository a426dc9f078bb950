"""People and their roles, the audit trail, API keys: what staff alone look after. Rules are those of accounts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import interface as accounts
from apps.platform.actors import MANAGER, STAFF
from apps.platform.errors import NotFound, Refused

from ..access import actor, page
from ..words import ROLES

PAGE = 50


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    search = request.GET.get("search", "").replace("\x00", "").strip()[:100]
    role = request.GET.get("role", "")
    role = role if role in (MANAGER, STAFF) else ""
    found = accounts.list_users(search=search, role=role, before=_uuid(request.GET.get("before")), limit=PAGE)
    asked = {name: value for name, value in (("search", search), ("role", role)) if value}
    context = {
        "title": _("People"),
        "found": [(each, _roles(each)) for each in found],
        "search": search,
        "role": role,
        "roles": [(code, words, code == role) for code, words in ROLES.items() if code],
        "more": "?" + urlencode(asked | {"before": str(found[-1].id)}) if len(found) == PAGE else "",
    }
    return page(request, "panel/people/index.html", context)


@require_safe
def person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    found = _person(user_id)
    context = {
        "title": found.name,
        "person": found,
        "roles": [(code, ROLES[code], code in found.roles) for code in (MANAGER, STAFF)],
        "actions": _lines(accounts.list_actions(subject_id=user_id, limit=20)),
        "done": _lines(accounts.list_actions(actor_id=user_id, limit=20)),
        "is_oneself": user_id == actor(request).user_id,
    }
    return page(request, "panel/people/show.html", context)


@require_POST
def roles(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Give a role or take it away."""
    _person(user_id)
    service = accounts.grant_role if request.POST.get("wish") == "grant" else accounts.revoke_role
    effect = partial(service, user_id=user_id, role=request.POST.get("role", ""), by=actor(request))
    return _do(request, effect, _("The roles were changed."), "admin:person", user_id)


@require_http_methods(["GET", "HEAD", "POST"])
def deactivation(request: HttpRequest, user_id: UUID) -> HttpResponse:
    found = _person(user_id)
    if request.method == "POST" and user_id != actor(request).user_id:
        effect = partial(accounts.deactivate, user_id=user_id, by=actor(request))
        return _do(request, effect, _("The account was closed to its owner."), "admin:person", user_id)
    context = {"title": _("Deactivate"), "person": found, "is_oneself": user_id == actor(request).user_id}
    return page(request, "panel/people/deactivate.html", context, 409 if request.method == "POST" else 200)


@require_safe
def audit_trail(request: HttpRequest) -> HttpResponse:
    subject, action = (request.GET.get(name, "").replace("\x00", "").strip()[:100] for name in ("subject", "action"))
    who, before = request.GET.get("actor", ""), request.GET.get("before", "")
    found = accounts.list_actions(
        subject_id=subject or None,
        actor_id=_uuid(who),
        action=action or None,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
        limit=PAGE,
    )
    asked = {name: value for name, value in (("subject", subject), ("action", action), ("actor", who)) if value}
    context = {
        "title": _("Audit trail"),
        "lines": _lines(found),
        "asked": {"subject": subject, "action": action, "actor": who},
        "is_filtered": bool(asked),
        "more": "?" + urlencode(asked | {"before": found[-1].seq}) if len(found) == PAGE else "",
    }
    return page(request, "panel/people/audit_trail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def api_keys(request: HttpRequest) -> HttpResponse:
    """The keys; a new one is shown in the answer that makes it, and never again."""
    plain, refusal, name = "", "", request.POST.get("name", "")
    if request.method == "POST":
        try:
            _made, plain = accounts.issue_api_key(by=actor(request), name=name, scopes=request.POST.getlist("scopes"))
        except Refused as refused:
            refusal = refused.fields[0].detail if refused.fields else refused.detail
    context = {
        "title": _("API keys"),
        "keys": accounts.list_api_keys(),
        "scopes": accounts.SCOPES,
        "plain": plain,
        "refusal": refusal,
        "name": name if refusal else "",
    }
    return page(request, "panel/people/api_keys.html", context, 422 if refusal else 200)


@require_POST
def revocation(request: HttpRequest, key_id: UUID) -> HttpResponse:
    effect = partial(accounts.revoke_api_key, by=actor(request), key_id=key_id)
    return _do(request, effect, _("The key was revoked."), "admin:api-keys")


def _person(user_id: UUID) -> accounts.User:
    try:
        return accounts.get_user(user_id=user_id)
    except LookupError:
        raise NotFound(_("There is no such person.")) from None


def _roles(user: accounts.User) -> list[Any]:
    return [ROLES[code] for code in (STAFF, MANAGER) if code in user.roles]


def _lines(found: list[accounts.RecordedAction]) -> list[dict[str, Any]]:
    """Lines of the trail with the names of who did it; one query more, whatever their number."""
    names = accounts.get_users(
        user_ids=[each.actor_id for each in found if each.actor_id and each.actor_kind == "user"]
    )
    return [
        {
            "line": each,
            "who": names[each.actor_id].name if each.actor_id in names else each.actor_kind,
            "detail": ", ".join(f"{name}: {value}" for name, value in each.detail.items()),
        }
        for each in found
    ]


def _do(request: HttpRequest, effect: Callable[[], Any], done: str, route: str, *arguments: Any) -> HttpResponse:
    try:
        effect()
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, refused.fields[0].detail if refused.fields else refused.detail)
    return redirect(route, *arguments)


def _uuid(given: str | None) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError:
        return None
