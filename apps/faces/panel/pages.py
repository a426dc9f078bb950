from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from apps.reporting import interface as reporting


def asked_of(request: HttpRequest) -> dict[str, str]:
    """What the list was narrowed to, without the place in it."""
    return {name: str(value) for name, value in request.GET.items() if value and name != "cursor"}


def links_of(found: reporting.Page[Any], asked: dict[str, str]) -> dict[str, str]:
    """The ways on from a page of a list, keeping what was asked."""
    cursors = {"next": found.next_cursor, "previous": found.previous_cursor, "last": found.next_cursor and "last"}
    return {name: "?" + urlencode(asked | {"cursor": cursor}) for name, cursor in cursors.items() if cursor}
