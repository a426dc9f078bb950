"""Refusals as problem+json (RFC 9457). The only table from kinds of refusal to HTTP statuses."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions as drf
from rest_framework.views import set_rollback

from apps.platform.errors import FieldError, Forbidden, Invalid, Kind, NotFound, NotSignedIn, Refused, TooManyRequests

from .jsonio import BodyTooLarge, dumps
from .middleware import trace_id

log = logging.getLogger(__name__)
STATUS = {
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.DECLINED: 402,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_LARGE: 413,
    Kind.UNPROCESSABLE: 422,
    Kind.TOO_MANY: 429,
    Kind.FAILED: 500,
    Kind.UNAVAILABLE: 503,
}


class Unavailable(Refused):
    code = "temporarily-unavailable"
    kind = Kind.UNAVAILABLE
    title = "This is not possible at the moment. Try again shortly, with the same Idempotency-Key where money moves."


class Failed(Refused):
    code = "internal-error"
    kind = Kind.FAILED
    title = "Something went wrong on our side. Quote the trace_id when you ask about it."


class BadRequest(Refused):
    code = "bad-request"
    kind = Kind.INVALID
    title = "The request cannot be understood."


def problem(
    *, status: int, code: str, title: str, detail: str = "", fields: tuple[FieldError, ...] = (), **extra: Any
) -> HttpResponse:
    body = {
        "type": f"/docs/problems#{code}",
        "title": title,
        "status": status,
        "detail": detail or title,
        "code": code,
        **extra,
    }
    if fields:
        body["errors"] = [{"field": each.field, "code": each.code, "detail": each.detail} for each in fields]
    body["trace_id"] = trace_id()
    return HttpResponse(dumps(body), status=status, content_type="application/problem+json")


def problem_response(refused: Refused) -> HttpResponse:
    """The refusal as a response, with Retry-After and WWW-Authenticate where they belong."""
    response = problem(
        status=STATUS[refused.kind],
        code=refused.code,
        title=refused.title,
        detail=refused.detail,
        fields=refused.fields,
        **refused.extra,
    )
    if refused.retry_after is not None or refused.kind in (Kind.TOO_MANY, Kind.UNAVAILABLE):
        response.headers["Retry-After"] = str(refused.retry_after or 1)
    if refused.kind is Kind.UNAUTHENTICATED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="api"'
    return response


def handled(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a plain view raise refusals; a database that is away becomes 503, never a page of HTML."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            return problem_response(refused)
        except OperationalError:
            log.exception("database unavailable")
            return problem_response(Unavailable(retry_after=2))

    return wrapper


def drf_handler(error: Exception, _context: dict[str, Any]) -> HttpResponse | None:
    """REST framework's exception handler: everything it knows becomes one of our refusals."""
    set_rollback()
    if (refused := _as_refusal(error)) is not None:
        return problem_response(refused)
    if isinstance(error, drf.APIException):  # method, media type, accept header
        code = str(error.default_code).replace("_", "-")
        return problem(status=error.status_code, code=code, title=str(error.default_detail), detail=str(error.detail))
    return None


def _as_refusal(error: Exception) -> Refused | None:
    if isinstance(error, Refused):
        return error
    if isinstance(error, drf.ValidationError):
        return Invalid(fields=tuple(_fields(error.detail)))
    if isinstance(error, drf.ParseError):
        return Invalid.field("body", "malformed-json", str(error.detail))
    if isinstance(error, (Http404, drf.NotFound)):
        return NotFound()
    if isinstance(error, (drf.NotAuthenticated, drf.AuthenticationFailed)):
        return NotSignedIn()
    if isinstance(error, (PermissionDenied, drf.PermissionDenied)):
        return Forbidden()
    if isinstance(error, drf.Throttled):
        return TooManyRequests(retry_after=max(1, int(getattr(error, "wait", None) or 1)))
    if isinstance(error, RequestDataTooBig):
        return BodyTooLarge()
    if isinstance(error, OperationalError):
        log.error("database unavailable", exc_info=error)
        return Unavailable(retry_after=2)
    return None


def _fields(detail: Any, path: str = "") -> list[FieldError]:
    if isinstance(detail, dict):
        return [each for key, value in detail.items() for each in _fields(value, f"{path}.{key}" if path else str(key))]
    if isinstance(detail, list):
        return [each for value in detail for each in _fields(value, path)]
    return [
        FieldError(
            path.replace("non_field_errors", "body") or "body",
            str(getattr(detail, "code", "invalid")).replace("_", "-"),
            str(detail),
        )
    ]


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_response(NotFound())
