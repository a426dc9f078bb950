"""Who may open the panel, and refusals as its pages. What somebody may see or do there is said by the contexts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from apps.faces.shared.auth import actor_of_page
from apps.faces.shared.problems import STATUS
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, Refused

View = Callable[..., Any]


def actor(request: HttpRequest) -> Actor:
    """The signed-in person, looked up once a request."""
    known: Actor | None = getattr(request, "panel_actor", None)
    if known is None:
        known = request.panel_actor = actor_of_page(request)  # type: ignore[attr-defined]
    return known


def may_enter(request: HttpRequest) -> bool:
    return actor(request).is_staff or actor(request).is_manager


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
