from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.campaigns import interface as campaigns
from apps.faces.shared.auth import actor_of_page
from apps.faces.site.errors import page
from apps.pledges import interface as pledges

from .cards import CATEGORY_NAMES, card_of

ORDERINGS = ("-created_at", "-raised_amount", "ends_at")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    featured = campaigns.list_campaigns(
        viewer=actor_of_page(request), status="active", ordering="-raised_amount", page_size=6
    )
    return render(request, "site/home.html", {"cards": [card_of(each) for each in featured.results]})


@require_safe
@page
def index(request: HttpRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "").replace("\x00", "") for name in ("search", "category", "ordering")}
    ordering = asked["ordering"] if asked["ordering"] in ORDERINGS else "-created_at"
    category = asked["category"] if asked["category"] in campaigns.CATEGORIES else ""
    found = campaigns.list_campaigns(
        viewer=actor_of_page(request),
        search=asked["search"],
        category=category,
        ordering=ordering,
        cursor=request.GET.get("cursor"),
        page_size=12,
    )
    query = {"search": asked["search"], "category": category, "ordering": ordering, "cursor": found.next_cursor or ""}
    more = "?" + urlencode({key: value for key, value in query.items() if value}) if found.next_cursor else ""
    context = {
        "cards": [card_of(each) for each in found.results],
        "categories": CATEGORY_NAMES.items(),
        "asked": {"search": asked["search"], "category": category, "ordering": ordering},
        "more": more,
    }
    return render(request, "site/campaigns/index.html", context)


@require_safe
@page
def show(request: HttpRequest, slug: str) -> HttpResponse:
    viewer = actor_of_page(request)
    campaign = campaigns.get_campaign(slug=slug, viewer=viewer)
    wall = pledges.donor_wall(campaign_id=campaign.id, cursor=None, page_size=12)
    return render(
        request, "site/campaigns/show.html", {"campaign": campaign, "card": card_of(campaign), "wall": wall.results}
    )
