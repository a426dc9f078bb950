"""What a browser has proved by a mailed link: that an address is its owner's, for half an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest

from apps.platform import clock

KEPT = "gift_history"
SHOWN_FOR = timedelta(minutes=30)


def keep(request: HttpRequest, donor_key: str) -> None:
    request.session.cycle_key()
    request.session[KEPT] = {"key": donor_key, "until": (clock.now() + SHOWN_FOR).timestamp()}


def proven_address(request: HttpRequest) -> str:
    """The key of the address; empty when none was proven, or too long ago."""
    kept: dict[str, Any] = request.session.get(KEPT) or {}
    if kept.get("until", 0) < clock.now().timestamp():
        request.session.pop(KEPT, None)
        return ""
    return str(kept["key"])
