"""Who opens the socket: a one-time ticket, or the site's session cookie. Most are nobody, and may listen too."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from apps.accounts import interface as accounts


class InvalidTicket(Exception):
    """The ticket is unknown, used or too old."""


def identify(scope: Mapping[str, Any]) -> UUID | None:
    """The signed-in user of this handshake, or None. Blocks. Raises InvalidTicket: a bad one is not ignored."""
    query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=20)
    if tickets := query.get("ticket"):
        user_id = accounts.redeem_ws_ticket(ticket=tickets[0])
        if user_id is None:
            raise InvalidTicket
        return user_id
    key = _session_key(scope["headers"])
    if key is None:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    return user.pk if user.is_authenticated else None


def _session_key(headers: list[tuple[bytes, bytes]]) -> str | None:
    jar = SimpleCookie()
    for name, value in headers:
        if name.lower() == b"cookie":
            try:
                jar.load(value.decode("latin-1"))
            except CookieError:
                continue
    found = jar.get(settings.SESSION_COOKIE_NAME)
    return found.value if found and found.value else None
