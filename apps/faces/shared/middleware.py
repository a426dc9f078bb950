"""The slim chain every request passes, and the longer one that only server-rendered pages pay for."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from opentelemetry import trace

from apps.platform import context, replica, tracing
from apps.platform.ids import new_id

from . import own_writes, request_metrics

GetResponse = Callable[[HttpRequest], HttpResponse]
WITHOUT_PAGES = ("/api/", "/bank/", "/metrics", "/healthz", "/readyz")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; img-src 'self' data:"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class RequestMiddleware:
    """Names the request (X-Request-ID), carries its trace parent, and sets the constant security headers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.headers = _HEADERS
        if (
            settings.SECURE_HSTS_SECONDS
        ):  # what Django's SecurityMiddleware would do, of which nothing else is needed here
            self.headers = _HEADERS | {"Strict-Transport-Security": f"max-age={settings.SECURE_HSTS_SECONDS}"}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else str(new_id())
        given = request.META.get("HTTP_TRACEPARENT", "")
        parent = tracing.current_traceparent() or (given if _TRACEPARENT.fullmatch(given) else "")
        with context.bound(request_id=request_id, traceparent=parent):
            started = perf_counter()
            response = self._respond_by_replica(request) if replica.is_configured() else self.get_response(request)
            request_metrics.observe(request, response, perf_counter() - started)
        headers = response.headers
        headers["X-Request-ID"] = request_id
        for name, value in self.headers.items():
            headers.setdefault(name, value)
        if getattr(response, "xframe_options_exempt", False):  # Django's mark; its policy says who may frame it
            del headers["X-Frame-Options"]
        return response

    def _respond_by_replica(self, request: HttpRequest) -> HttpResponse:
        """What may be stale is read from the replica, unless the caller has just written."""
        if not own_writes.has_just_written(request):
            with replica.reading():
                return self.get_response(request)
        response = self.get_response(request)
        own_writes.remember(request, response)
        return response


class PagesMiddleware:
    """Runs settings.PAGE_MIDDLEWARE (sessions, language, CSRF, sign-in, messages) for pages only."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = self.chain = get_response
        self.view_hooks: list[Callable[..., HttpResponse | None]] = []
        for path in reversed(settings.PAGE_MIDDLEWARE):
            layer: Any = import_string(path)(self.chain)
            if hasattr(layer, "process_view"):
                self.view_hooks.insert(0, layer.process_view)
            self.chain = layer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(WITHOUT_PAGES):
            return self.get_response(request)
        return self.chain(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.path_info.startswith(WITHOUT_PAGES):
            for hook in self.view_hooks:
                if (response := hook(request, view, args, kwargs)) is not None:
                    return response
        return None


def trace_id() -> str:
    """The current trace's id, or the request id where nothing is traced: what a person quotes to support."""
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        return format(span.trace_id, "032x")
    parent = context.traceparent()
    return parent.split("-")[1] if parent else context.request_id()
