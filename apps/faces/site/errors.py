"""Error pages that help, and refusals shown as pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.faces.shared.problems import STATUS, BadRequest, Failed, not_found, problem_response
from apps.platform.errors import Refused


def page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Show a refusal that the view lets through as a page with its status."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            response = render(request, "site/refused.html", {"refused": refused}, status=STATUS[refused.kind])
            if refused.retry_after is not None:
                response.headers["Retry-After"] = str(refused.retry_after)
            return response

    return wrapper


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        return not_found(request, exception)
    return render(request, "404.html", status=404)


def page_failed(request: HttpRequest) -> HttpResponse:
    """What a defect of ours looks like from outside; the log has the rest under the same id."""
    if request.path_info.startswith("/api/"):
        return problem_response(Failed())
    return render(request, "500.html", status=500)


def page_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        return problem_response(BadRequest())
    return render(request, "400.html", status=400)
