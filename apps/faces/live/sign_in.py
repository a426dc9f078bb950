"""Who opens the socket: a one-time ticket, or the site's session cookie. Most are nobody, and may listen too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from apps.accounts import interface as accounts
from apps.platform.actors import ANONYMOUS, Actor


class InvalidTicket(Exception):
    """The ticket is unknown, used or too old."""


@dataclass(frozen=True)
class Identity:
    """Who signed in, and the session that says so (None where a ticket did)."""

    user_id: UUID | None = None
    session_key: str | None = None

    def still_holds(self) -> bool:
        """Whether the person may be taken for signed in at this moment. Blocks; always true for nobody."""
        if self.user_id is None:
            return True
        if self.session_key is not None:
            return _user_of_session(self.session_key) == self.user_id
        found = accounts.get_users(user_ids=[self.user_id]).get(self.user_id)
        return found is not None and found.is_active

    def actor(self) -> Actor:
        """What the person may do at this moment. Blocks."""
        return accounts.actor_of_user(user_id=self.user_id) if self.user_id else ANONYMOUS


def identify(scope: Mapping[str, Any]) -> Identity:
    """The signed-in user of this handshake, or nobody. Blocks. Raises InvalidTicket: a bad one is not ignored."""
    if ticket := query_value(scope, "ticket"):
        user_id = accounts.redeem_ws_ticket(ticket=ticket)
        if user_id is None:
            raise InvalidTicket
        return Identity(user_id)
    key = _session_key(scope["headers"])
    user_id = _user_of_session(key) if key else None
    return Identity(user_id, key) if user_id else Identity()


def query_value(scope: Mapping[str, Any], name: str) -> str:
    """The first value of this name in the query string, or an empty string."""
    try:
        query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=20)
    except ValueError:
        return ""
    return query.get(name, [""])[0]


def _user_of_session(key: str) -> UUID | None:
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
