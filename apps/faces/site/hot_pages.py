"""The pages that everyone looks at, as ready bytes for readers of whom nothing is known but their language.

A page is kept for settings.HOT_PAGE_SECONDS, and only what is the same for all: read without a session, with no question but
the list's usual ones, without a cookie being set. Whoever has a session goes the long way and gets a page of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch
from django.utils import translation

from apps.platform.errors import Refused
from apps.platform.hotcache import HotCache

_PATH = re.compile(r"/(status/|campaigns/([-a-zA-Z0-9_]+/)?)?")
# The few choices of the list that are links on every page; whatever else is asked goes the long way.
_QUERY = re.compile(r"((ordering|category|status)=[-a-z_]{0,20}(&|$)){0,3}")
_KEPT = ("Content-Type", "Content-Language", "Vary")
CACHE_CONTROL = "public, max-age=1, stale-while-revalidate=1"


@dataclass(frozen=True)
class _Page:
    body: bytes
    headers: dict[str, str]
    match: ResolverMatch | None


class _OneOff(Refused):
    """An answer that is not kept: a refusal to the cache, which then forgets what it had."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


class _Trouble(Exception):
    """An answer of 5xx; the page of a moment ago is better, where there is one."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response.status_code)
        self.response = response


class HotPagesMiddleware:
    """First of the page middlewares: what is kept costs neither session nor language nor view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.cache: HotCache[_Page] = HotCache(seconds=settings.HOT_PAGE_SECONDS, size=256)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if key is None:
            return self.get_response(request)
        try:
            page = self.cache.get(key, partial(self._load, request))
        except (_OneOff, _Trouble) as answer:
            return answer.response
        request.resolver_match = page.match  # type: ignore[assignment]  # for the metrics
        return HttpResponse(page.body, headers=page.headers)

    def _load(self, request: HttpRequest) -> _Page:
        response = self.get_response(request)
        if response.status_code >= 500:
            raise _Trouble(response)
        if response.status_code != 200 or response.cookies or response.streaming:
            raise _OneOff(response)
        headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
        return _Page(response.content, headers | {"Cache-Control": CACHE_CONTROL}, request.resolver_match)


def _key(request: HttpRequest) -> str | None:
    """What the page depends on, None where it could be somebody's own."""
    meta = request.META
    if (
        not settings.HOT_PAGE_SECONDS
        or request.method not in ("GET", "HEAD")
        or not _QUERY.fullmatch(meta.get("QUERY_STRING", ""))
        or meta.get("HTTP_AUTHORIZATION")
        or not _PATH.fullmatch(request.path_info)
    ):
        return None
    if meta.get("HTTP_COOKIE") and not request.COOKIES.keys() <= {settings.LANGUAGE_COOKIE_NAME}:
        return None
    language = translation.get_language_from_request(request)
    return f"{request.scheme} {meta.get('HTTP_HOST')} {language} {request.path_info}?{meta.get('QUERY_STRING', '')}"
