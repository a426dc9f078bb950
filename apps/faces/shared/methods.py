"""Plain views by method."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from .problems import handled, problem

View = Callable[..., HttpResponse]


def by_method(**views: View) -> View:
    """One path, a plain function per method (`get=`, `post=`); every other method is a 405 that says what is allowed."""
    allowed = ", ".join(sorted(name.upper() for name in views))
    known = {name.upper(): view for name, view in views.items()}
    if "GET" in known:
        known["HEAD"] = known["GET"]

    @handled
    def dispatch(request: HttpRequest, **arguments: Any) -> HttpResponse:
        view = known.get(request.method or "")
        if view is None:
            response = problem(status=405, code="method-not-allowed", title=f"This path takes {allowed}.")
            response.headers["Allow"] = allowed
            return response
        return view(request, **arguments)

    vars(dispatch).update(by_method=views)  # for the schema
    return dispatch
