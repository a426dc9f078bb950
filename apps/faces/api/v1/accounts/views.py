from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts import interface as accounts
from apps.accounts.errors import SecondFactorRequired
from apps.faces.shared import sign_ins
from apps.faces.shared.auth import HasUser, actor_of
from apps.faces.shared.limits import Limit, client_address

from . import serializers as shapes

REGISTRATIONS = Limit(burst=60, per_second=1.0)


class Open(APIView):
    """For callers who cannot prove who they are yet."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []


class RegisterView(Open):
    @extend_schema(request=shapes.Registration, responses={201: shapes.Registered})
    def post(self, request: Request) -> Response:
        REGISTRATIONS.take(client_address(request))
        given = _valid(shapes.Registration, request)
        user = accounts.register(**given)
        pair = accounts.issue_tokens(user_id=user.id, user_agent=_agent(request))
        return Response({"user": user_body(user), "access": pair.access, "refresh": pair.refresh}, status=201)


class TokenView(Open):
    @extend_schema(request=shapes.TokenRequest, responses=shapes.Pair)
    def post(self, request: Request) -> Response:
        given = _valid(shapes.TokenRequest, request)
        code = given.pop("code", "")
        user = sign_ins.authenticate(request._request, **given)
        if accounts.has_second_factor(user_id=user.id):
            if not code:
                raise SecondFactorRequired
            accounts.prove_second_factor(user_id=user.id, code=code)
        return _pair(accounts.issue_tokens(user_id=user.id, user_agent=_agent(request)))


class RefreshView(Open):
    @extend_schema(request=shapes.Refresh, responses=shapes.Pair)
    def post(self, request: Request) -> Response:
        return _pair(accounts.rotate_refresh(**_valid(shapes.Refresh, request)))


class RevokeView(Open):
    @extend_schema(request=shapes.Refresh, responses={204: None})
    def post(self, request: Request) -> Response:
        accounts.revoke_refresh(**_valid(shapes.Refresh, request))
        return Response(status=204)


class MeView(APIView):
    permission_classes = [HasUser]

    @extend_schema(responses=shapes.UserBody)
    def get(self, request: Request) -> Response:
        return Response(user_body(accounts.get_user(user_id=_user_id(request))))

    @extend_schema(request=shapes.Profile, responses=shapes.UserBody)
    def patch(self, request: Request) -> Response:
        shape = shapes.Profile(data=request.data, partial=True)
        shape.is_valid(raise_exception=True)
        user_id = _user_id(request)
        name = shape.validated_data.get("name")
        user = accounts.rename(user_id=user_id, name=name) if name is not None else accounts.get_user(user_id=user_id)
        return Response(user_body(user))


class WsTicketView(APIView):
    permission_classes = [HasUser]

    @extend_schema(request=None, responses={201: shapes.Ticket})
    def post(self, request: Request) -> Response:
        return Response({"ticket": accounts.issue_ws_ticket(user_id=_user_id(request))}, status=201)


def _user_id(request: Request) -> UUID:
    user_id = actor_of(request).user_id
    assert user_id is not None  # HasUser
    return user_id


def _agent(request: Request) -> str:
    return str(request.META.get("HTTP_USER_AGENT", ""))


def user_body(user: accounts.User) -> dict[str, Any]:
    return {"id": user.id, "email": user.email, "name": user.name, "roles": sorted(user.roles)}


def _pair(pair: accounts.TokenPair) -> Response:
    return Response({"access": pair.access, "refresh": pair.refresh})


def _valid(shape_type: Any, request: Request) -> Any:
    shape = shape_type(data=request.data)
    shape.is_valid(raise_exception=True)
    return shape.validated_data
