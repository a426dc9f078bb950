from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.campaigns import interface as campaigns
from apps.faces.shared.auth import IsSignedIn, actor_of
from apps.faces.shared.jsonio import dumps
from apps.faces.shared.pagination import page_arguments, page_body
from apps.faces.shared.problems import handled
from apps.platform.errors import Forbidden, Invalid

from . import serializers as shapes
from .bodies import campaign_body
from .hot import conditional, etag_of, read_campaign

# A story may have 50,000 characters, which JSON may write with six bytes each.
LARGEST_CAMPAIGN = 400 * 1024
Move = Callable[..., campaigns.Campaign]
FILTERS = [OpenApiParameter(name, str) for name in ("search", "category", "status", "ordering", "cursor")] + [
    OpenApiParameter("page_size", int)
]


class CampaignsView(APIView):
    max_body = LARGEST_CAMPAIGN

    def get_permissions(self) -> list[Any]:
        return [IsSignedIn()] if self.request.method == "POST" else [AllowAny()]

    @extend_schema(parameters=FILTERS, responses=shapes.CampaignPage)
    def get(self, request: Request) -> Response:
        cursor, page_size = page_arguments(request._request)
        asked: dict[str, Any] = {
            name: request.GET[name] for name in ("search", "category", "status", "ordering") if request.GET.get(name)
        }
        if "\x00" in "".join(asked.values()):
            raise Invalid.field("search", "invalid", "Remove the control characters.")
        mine = request.GET.get("mine") == "true" and request.user.is_authenticated
        page = campaigns.list_campaigns(
            viewer=actor_of(request), mine=mine, cursor=cursor, page_size=page_size, **asked
        )
        results = [campaign_body(each) for each in page.results]
        return Response(page_body(request._request, results, page.next_cursor, page.previous_cursor))

    @extend_schema(request=shapes.NewCampaign, responses={201: shapes.CampaignBody})
    def post(self, request: Request) -> Response:
        actor = actor_of(request)
        if not (actor.is_manager or actor.is_staff):
            raise Forbidden("Only campaign managers create campaigns.")
        shape = shapes.NewCampaign(data=request.data)
        shape.is_valid(raise_exception=True)
        campaign = campaigns.create_campaign(by=actor, new=campaigns.NewCampaign(**shape.validated_data))
        return Response(campaign_body(campaign), status=201)


class CampaignView(APIView):
    max_body = LARGEST_CAMPAIGN

    @extend_schema(responses=shapes.CampaignBody)
    def get(self, request: Request, campaign_id: UUID) -> HttpResponse:
        campaign = campaigns.get_campaign(campaign_id=campaign_id, viewer=actor_of(request))
        return conditional(
            request._request, dumps(campaign_body(campaign)), etag_of(campaign), cache="private, no-cache"
        )

    @extend_schema(request=shapes.NewCampaign, responses=shapes.CampaignBody)
    def patch(self, request: Request, campaign_id: UUID) -> Response:
        campaigns.get_campaign(campaign_id=campaign_id, viewer=actor_of(request))
        shape = shapes.NewCampaign(data=request.data, partial=True)
        shape.is_valid(raise_exception=True)
        campaign = campaigns.edit_campaign(campaign_id=campaign_id, by=actor_of(request), changes=shape.validated_data)
        return Response(campaign_body(campaign))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, campaign_id: UUID) -> Response:
        campaigns.archive_campaign(campaign_id=campaign_id, by=actor_of(request))
        return Response(status=204)


_detail = CampaignView.as_view()


def campaign_detail(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Anonymous readers get the hot copy; everyone else, and every write, goes the long way."""
    if request.method in ("GET", "HEAD") and not request.META.get("HTTP_AUTHORIZATION"):
        return hot_detail(request, campaign_id)
    return _detail(request, campaign_id=campaign_id)


# The schema is made from the long way's class.
vars(campaign_detail).update(csrf_exempt=True, cls=CampaignView, initkwargs={})


@handled
def hot_detail(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    return read_campaign(request, campaign_id)


class MoveView(APIView):
    """One move of the lifecycle; `move` is the interface's function."""

    move: Move = campaigns.submit_campaign

    @extend_schema(request=None, responses=shapes.CampaignBody)
    def post(self, request: Request, campaign_id: UUID) -> Response:
        return Response(campaign_body(type(self).move(campaign_id=campaign_id, by=actor_of(request))))


def move_view(name: str, move: Move) -> Any:
    view: Any = type(f"{name.title()}View", (MoveView,), {"move": staticmethod(move)})
    return view.as_view()


class AnyImage(BaseParser):
    """The raw body, whatever it calls itself; what it is, its pixels tell."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return stream.read(campaigns.MAX_BYTES + 1)


class CoverView(APIView):
    """The picture as the body itself, or as the file `image` of a form."""

    parser_classes = [MultiPartParser, AnyImage]

    @extend_schema(request={"image/*": bytes, "multipart/form-data": shapes.CoverForm}, responses=shapes.CampaignBody)
    def put(self, request: Request, campaign_id: UUID) -> Response:
        sent: Any = request.data
        image = _file_of(request.FILES) if request.content_type.startswith("multipart/") else sent or b""
        return Response(campaign_body(campaigns.set_cover(campaign_id=campaign_id, by=actor_of(request), image=image)))


def _file_of(files: Any) -> bytes:
    if "image" not in files:
        raise Invalid.field("image", "required", "Send the picture as the file `image`.")
    content: bytes = files["image"].read(campaigns.MAX_BYTES + 1)
    return content
