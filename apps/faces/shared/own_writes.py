"""Whoever has just written must see it: until the replica surely has it, their reads go to the primary.

Browsers carry a cookie that says so, which works without Redis. Callers with an Authorization header have a mark there, kept
under a digest; while Redis is away they read from the primary.
"""

from __future__ import annotations

import hashlib
from math import ceil

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.platform import hints, replica

COOKIE = "wrote"
_SAFE = ("GET", "HEAD", "OPTIONS")


def has_just_written(request: HttpRequest) -> bool:
    """Whether this caller wrote something within the last seconds, or does so now."""
    if request.method not in _SAFE or COOKIE in request.COOKIES:
        return True
    caller = _caller(request)
    return bool(caller) and hints.is_marked(caller, when_away=True)


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """After a request that may have written: note it for this caller's next ones."""
    if request.method in _SAFE or response.status_code >= 500:
        return
    if caller := _caller(request):
        hints.renew(caller, seconds=replica.memory_seconds())
    elif not request.path_info.startswith("/api/"):
        response.set_cookie(
            COOKIE,
            "1",
            max_age=ceil(replica.memory_seconds()),
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def _caller(request: HttpRequest) -> str:
    given = request.META.get("HTTP_AUTHORIZATION", "")
    return f"wrote:{hashlib.sha256(given.encode('utf-8', 'replace')).hexdigest()[:32]}" if given else ""
