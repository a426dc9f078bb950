"""For operators and their tools: whether the process lives, what it stands on, and how it has been doing."""

from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST

from apps.faces.shared.jsonio import json_response
from apps.faces.shared.methods import by_method

from .exposition import exposition
from .readiness import look

_NEVER_CACHED = {"Cache-Control": "no-store"}


def tell_health(request: HttpRequest) -> HttpResponse:
    return json_response({"status": "ok"}, headers=_NEVER_CACHED)


def tell_readiness(request: HttpRequest) -> HttpResponse:
    findings = look()
    is_ready = all(each.is_up for each in findings if each.matters)
    well = "ready" if all(each.is_up for each in findings) else "degraded"
    body = {
        "status": well if is_ready else "unavailable",
        "dependencies": {
            each.name: {
                "status": "up" if each.is_up else "down",
                "required": each.matters,
                "latency_ms": each.latency_ms,
                **({"detail": each.detail} if each.detail else {}),
            }
            for each in findings
        },
    }
    return json_response(body, status=200 if is_ready else 503, headers=_NEVER_CACHED)


def tell_metrics(request: HttpRequest) -> HttpResponse:
    """Asks for no sign-in: the edge decides who gets here (docs/decisions/0041-metrics-access.md)."""
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST, headers=_NEVER_CACHED)


healthz = by_method(get=tell_health)
readyz = by_method(get=tell_readiness)
metrics = by_method(get=tell_metrics)
