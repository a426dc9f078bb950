"""Outgoing webhooks: endpoints, their secrets and deliveries, tried with a ping and played again by range."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.faces.shared.auth import HasUser, actor_of
from apps.faces.shared.pagination import page_arguments, page_body
from apps.notifications import interface as notifications

from . import serializers as shapes


class EndpointsView(APIView):
    permission_classes = [HasUser]

    @extend_schema(responses=shapes.EndpointPage)
    def get(self, request: Request) -> Response:
        found = notifications.list_endpoints(by=actor_of(request))
        return Response(page_body(request._request, [endpoint_body(each) for each in found], None))

    @extend_schema(request=shapes.NewEndpoint, responses={201: shapes.EndpointWithSecret})
    def post(self, request: Request) -> Response:
        given = _valid(shapes.NewEndpoint, request)
        endpoint, secret = notifications.create_endpoint(by=actor_of(request), **given)
        return Response({**endpoint_body(endpoint), "secret": secret}, status=201)


class EndpointView(APIView):
    permission_classes = [HasUser]

    @extend_schema(responses=shapes.EndpointBody)
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        return Response(endpoint_body(notifications.get_endpoint(endpoint_id=endpoint_id, by=actor_of(request))))

    @extend_schema(request=shapes.EndpointChanges, responses=shapes.EndpointBody)
    def patch(self, request: Request, endpoint_id: UUID) -> Response:
        changes = _valid(shapes.EndpointChanges, request)
        endpoint = notifications.edit_endpoint(endpoint_id=endpoint_id, by=actor_of(request), changes=changes)
        return Response(endpoint_body(endpoint))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, endpoint_id: UUID) -> Response:
        notifications.delete_endpoint(endpoint_id=endpoint_id, by=actor_of(request))
        return Response(status=204)


class SecretsView(APIView):
    permission_classes = [HasUser]

    @extend_schema(request=None, responses={201: shapes.Secret})
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        return Response(
            {"secret": notifications.rotate_secret(endpoint_id=endpoint_id, by=actor_of(request))}, status=201
        )


class DeliveriesView(APIView):
    permission_classes = [HasUser]

    @extend_schema(
        parameters=[OpenApiParameter("status", str, enum=["pending", "delivered", "failed"])]
        + [OpenApiParameter("cursor", str), OpenApiParameter("page_size", int)],
        responses=shapes.DeliveryPage,
    )
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        cursor, page_size = page_arguments(request._request)
        page = notifications.list_deliveries(
            endpoint_id=endpoint_id,
            by=actor_of(request),
            status=request.GET.get("status", ""),
            cursor=cursor,
            page_size=page_size,
        )
        return Response(page_body(request._request, [delivery_body(each) for each in page.results], page.next_cursor))


class PingsView(APIView):
    permission_classes = [HasUser]

    @extend_schema(request=None, responses={202: shapes.DeliveryBody})
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        delivery = notifications.ping_endpoint(endpoint_id=endpoint_id, by=actor_of(request))
        return Response(delivery_body(delivery), status=202)


class ReplaysView(APIView):
    permission_classes = [HasUser]

    @extend_schema(request=shapes.NewReplay, responses={202: shapes.Replay})
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        given = _valid(shapes.NewReplay, request)
        replayed = notifications.replay_deliveries(endpoint_id=endpoint_id, by=actor_of(request), **given)
        return Response({"deliveries": replayed}, status=202)


def endpoint_body(endpoint: notifications.Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "owner": endpoint.owner_id,
        "covers_all": endpoint.covers_all,
        "url": endpoint.url,
        "description": endpoint.description,
        "event_types": list(endpoint.event_types),
        "is_active": endpoint.is_active,
        "failing_since": endpoint.failing_since,
        "disabled_at": endpoint.disabled_at,
        "created_at": endpoint.created_at,
    }


def delivery_body(delivery: notifications.WebhookDelivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "endpoint": delivery.endpoint_id,
        "type": delivery.type,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "created_at": delivery.created_at,
        "next_attempt_at": delivery.next_attempt_at,
        "delivered_at": delivery.delivered_at,
        "response_status": delivery.response_status,
        "error": delivery.error or None,
        "payload": delivery.payload,
    }


def _valid(shape_type: Any, request: Request) -> Any:
    shape = shape_type(data=request.data)
    shape.is_valid(raise_exception=True)
    return shape.validated_data
