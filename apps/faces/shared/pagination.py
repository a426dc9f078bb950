"""Cursor pages: `{"results", "next", "previous"}`. Cursors are opaque to callers; contexts say what they mean."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest

from apps.platform.errors import Invalid

DEFAULT_SIZE, MAX_SIZE = 20, 100


def page_arguments(request: HttpRequest) -> tuple[str | None, int]:
    """The `cursor` and `page_size` (1 to 100) of a query string. Raises Invalid."""
    raw = request.GET.get("page_size", str(DEFAULT_SIZE))
    if not raw.isascii() or not raw.isdigit() or len(raw) > 3 or not 1 <= int(raw) <= MAX_SIZE:
        raise Invalid.field("page_size", "invalid", f"Use a whole number from 1 to {MAX_SIZE}.")
    return request.GET.get("cursor") or None, int(raw)


def page_body(
    request: HttpRequest, results: list[Any], next_cursor: str | None, previous_cursor: str | None = None
) -> dict[str, Any]:
    return {"results": results, "next": _link(request, next_cursor), "previous": _link(request, previous_cursor)}


def _link(request: HttpRequest, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    query = {key: value for key, value in request.GET.items() if key != "cursor"} | {"cursor": cursor}
    return f"{settings.PUBLIC_URL}{request.path}?{urlencode(query)}"
