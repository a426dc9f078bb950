"""Who may open the panel, and refusals as its pages. What somebody may see or do there is said by the contexts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.faces.shared import second_factor
from apps.faces.shared.auth import actor_of_page
from apps.faces.shared.problems import STATUS
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, Refused

View = Callable[..., Any]
SESSION, MONEY = timedelta(hours=12), timedelta(minutes=10)
"""For how long a proof of the second factor stands: for the panel, and for what moves money."""


def actor(request: HttpRequest) -> Actor:
    """The signed-in person, looked up once a request."""
    known: Actor | None = getattr(request, "panel_actor", None)
    if known is None:
        known = request.panel_actor = actor_of_page(request)  # type: ignore[attr-defined]
    return known


def may_enter(request: HttpRequest) -> bool:
    """Staff, managers, and whoever was taken into a campaign's team; looked up once a request."""
    known: bool | None = getattr(request, "panel_may_enter", None)
    if known is None:
        who = actor(request)
        known = who.is_staff or who.is_manager or (who.user_id is not None and campaigns.has_teams(user_id=who.user_id))
        request.panel_may_enter = known  # type: ignore[attr-defined]
    return known


def for_managers(view: View) -> View:
    """For whoever may enter; a refusal that the view lets through becomes a page with its status."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            raise
        except Refused as refused:
            return refusal(request, refused)

    return wrapper


def for_staff(view: View) -> View:
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not actor(request).is_staff:
            raise Forbidden("This part of the panel is for the platform's staff.")
        return view(request, *args, **kwargs)

    return for_managers(wrapper)


def with_second_factor(view: View) -> View:
    """The panel for those who proved their second factor in this session, where the installation requires one."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.SECOND_FACTOR_REQUIRED and (
            way := second_factor.demand(request, within=SESSION, then=_here(request))
        ):
            return way
        return view(request, *args, **kwargs)

    return wrapper


def with_fresh_proof(view: View) -> View:
    """What moves money asks again after a while: whoever sits down at an open screen is not whoever signed in."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        who = actor(request).user_id
        asks = settings.SECOND_FACTOR_REQUIRED or (who is not None and accounts.has_second_factor(user_id=who))
        if asks and (way := second_factor.demand(request, within=MONEY, then=_here(request))):
            return way
        return view(request, *args, **kwargs)

    return wrapper


def _here(request: HttpRequest) -> str:
    """Back to this page; what was sent to it is not sent again by itself."""
    return request.get_full_path() if request.method in ("GET", "HEAD") else request.path


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    response = page(request, "panel/refused.html", {"refused": refused, "title": refused.title}, STATUS[refused.kind])
    if refused.retry_after is not None:
        response.headers["Retry-After"] = str(refused.retry_after)
    return response


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the panel: the frame's context and the page's own, never kept by caches."""
    request.current_app = admin.site.name  # type: ignore[attr-defined]
    response = TemplateResponse(request, template, {**admin.site.each_context(request), **context}, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
