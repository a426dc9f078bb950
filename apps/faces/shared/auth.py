"""Who is calling: a bearer token or an API key in the header for the API, the session for pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.accounts import interface as accounts
from apps.platform.actors import ANONYMOUS, Actor
from apps.platform.errors import Forbidden, Kind, NotSignedIn, Refused


class InvalidAuthorization(Refused):
    code = "invalid-authorization"
    kind = Kind.UNAUTHENTICATED
    title = "The Authorization header cannot be used. Send `Bearer <access>` or `Api-Key <key>`."


@dataclass(frozen=True)
class Caller:
    """What REST framework calls the user of a request."""

    actor: Actor

    @property
    def is_authenticated(self) -> bool:
        return not self.actor.is_anonymous

    @property
    def pk(self) -> str:
        return str(self.actor.user_id or self.actor.api_key_id or "")


def anonymous_caller() -> Caller:
    return Caller(ANONYMOUS)


def actor_from_header(request: HttpRequest) -> Actor:
    """The caller named by the Authorization header; ANONYMOUS without one. Raises a 401 refusal for a bad one."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if not header:
        return ANONYMOUS
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer" and value:
        return accounts.actor_from_access_token(token=value.strip())
    if scheme.lower() == "api-key" and value:
        return accounts.actor_from_api_key(key=value.strip())
    raise InvalidAuthorization


def actor_of(request: Request) -> Actor:
    """The caller of a REST framework request."""
    return cast(Caller, request.user).actor


class HeaderAuthentication(BaseAuthentication):
    def authenticate(self, request: Any) -> tuple[Caller, None] | None:
        actor = actor_from_header(request._request)
        return None if actor.is_anonymous else (Caller(actor), None)

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="api"'


class IsSignedIn(BasePermission):
    def has_permission(self, request: Any, view: Any) -> bool:
        return request.user.is_authenticated


class HasUser(BasePermission):
    """A person, not a key."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return request.user.actor.user_id is not None


def require_scope(request: HttpRequest, scope: str) -> Actor:
    """The API key's actor. Raises a 401 refusal without a caller, 403 when the key lacks `scope`."""
    actor = actor_from_header(request)
    if actor.is_anonymous:
        raise NotSignedIn("Send an API key: `Authorization: Api-Key <key>`.")
    if scope not in actor.scopes:
        raise Forbidden(f"This needs an API key with the scope `{scope}`.")
    return actor


def actor_of_page(request: HttpRequest) -> Actor:
    """The signed-in person of a page's session, or ANONYMOUS."""
    user = request.user
    if not user.is_authenticated:
        return ANONYMOUS
    return accounts.actor_of_user(user_id=user.pk)
