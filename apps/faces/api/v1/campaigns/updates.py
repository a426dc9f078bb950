"""A campaign's news over the API: read by all, written by its team."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.campaigns import interface as campaigns
from apps.faces.shared.auth import IsSignedIn, actor_of
from apps.faces.shared.pagination import page_arguments, page_body

from .serializers import Text


class NewUpdate(serializers.Serializer):
    title = Text(max_length=120)
    body = Text(max_length=20_000, help_text="Markdown; raw HTML is not taken.")


class UpdateBody(serializers.Serializer):
    id = serializers.UUIDField()
    campaign = serializers.UUIDField()
    title = serializers.CharField()
    body = serializers.CharField()
    body_html = serializers.CharField(help_text="Sanitised.")
    published_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)


class UpdatePage(serializers.Serializer):
    results = UpdateBody(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class UpdatesView(APIView):
    def get_permissions(self) -> list[Any]:
        return [IsSignedIn()] if self.request.method == "POST" else [AllowAny()]

    @extend_schema(
        parameters=[OpenApiParameter("cursor", str), OpenApiParameter("page_size", int)], responses=UpdatePage
    )
    def get(self, request: Request, campaign_id: UUID) -> Response:
        cursor, page_size = page_arguments(request._request)
        shown, following = campaigns.list_updates(
            campaign_id=campaign_id, viewer=actor_of(request), cursor=cursor, page_size=page_size
        )
        return Response(page_body(request._request, [update_body(each) for each in shown], following))

    @extend_schema(request=NewUpdate, responses={201: UpdateBody})
    def post(self, request: Request, campaign_id: UUID) -> Response:
        campaigns.get_campaign(campaign_id=campaign_id, viewer=actor_of(request))
        shape = NewUpdate(data=request.data)
        shape.is_valid(raise_exception=True)
        update = campaigns.post_update(campaign_id=campaign_id, by=actor_of(request), **shape.validated_data)
        return Response(update_body(update), status=201)


class UpdateView(APIView):
    @extend_schema(request=NewUpdate, responses=UpdateBody)
    def patch(self, request: Request, campaign_id: UUID, update_id: UUID) -> Response:
        shape = NewUpdate(data=request.data, partial=True)
        shape.is_valid(raise_exception=True)
        return Response(
            update_body(
                campaigns.edit_update(
                    campaign_id=campaign_id, update_id=update_id, by=actor_of(request), **shape.validated_data
                )
            )
        )

    @extend_schema(responses={204: None})
    def delete(self, request: Request, campaign_id: UUID, update_id: UUID) -> Response:
        campaigns.remove_update(campaign_id=campaign_id, update_id=update_id, by=actor_of(request))
        return Response(status=204)


def update_body(update: campaigns.Update) -> dict[str, Any]:
    return {
        "id": update.id,
        "campaign": update.campaign_id,
        "title": update.title,
        "body": update.body,
        "body_html": update.body_html,
        "published_at": update.published_at,
        "edited_at": update.edited_at,
    }
