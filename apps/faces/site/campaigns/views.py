from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.campaigns import interface as campaigns
from apps.faces.shared.auth import actor_of_page
from apps.faces.site.errors import page
from apps.platform.actors import ANONYMOUS
from apps.pledges import interface as pledges

from . import figures
from .cards import CATEGORY_ICONS, CATEGORY_NAMES, Card, card_of
from .money import books_of
from .passing_on import embed_code
from .sharing import schema_of, share_of

ORDERINGS = {"-created_at": _("Newest"), "-raised_amount": _("Most raised"), "ends_at": _("Ending soon")}
STATUSES = {"active": _("Open for gifts"), "ended": _("Ended"), "all": _("All")}
DEFAULTS = {"search": "", "category": "", "ordering": "-created_at", "status": "active"}
PAGE_SIZE = 12


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page. Campaigns that are shown as urgent or first are not shown again below."""
    viewer = actor_of_page(request)
    most = campaigns.list_campaigns(viewer=viewer, status="active", ordering="-raised_amount", page_size=10).results
    ending = campaigns.list_campaigns(viewer=viewer, status="active", ordering="ends_at", page_size=3).results
    urgent = {each.id for each in ending}
    others = [each for each in most if each.id not in urgent] or list(most)
    context = {
        "featured": card_of(others[0]) if others else None,
        "urgent": [card_of(each) for each in ending],
        "cards": [card_of(each) for each in others[1:7]],
        "categories": _categories(),
        **_counter(),
    }
    return render(request, "site/home.html", context)


@require_safe
def counter(request: HttpRequest) -> HttpResponse:
    """The home page's counter alone, for static/js/counter.js."""
    return render(request, "site/_counter.html", _counter())


@require_safe
@page
def index(request: HttpRequest) -> HttpResponse:
    """Browse. Every choice is in the address; what is unknown falls back to what is usual."""
    asked = _asked(request)
    found = campaigns.list_campaigns(
        viewer=actor_of_page(request),
        search=asked["search"],
        category=asked["category"],
        status="" if asked["status"] == "all" else asked["status"],
        ordering=asked["ordering"],
        cursor=request.GET.get("cursor"),
        page_size=PAGE_SIZE,
    )
    query = {name: value for name, value in asked.items() if value != DEFAULTS[name]}
    context = {
        "cards": [card_of(each) for each in found.results],
        "categories": _categories(),
        "orderings": ORDERINGS.items(),
        "statuses": STATUSES.items(),
        "asked": asked,
        "is_narrowed": bool(query),
        "more": "?" + urlencode(query | {"cursor": found.next_cursor}) if found.next_cursor else "",
        "canonical_query": ("category",),
    }
    return render(request, "site/campaigns/index.html", context)


@require_safe
@page
def show(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = campaigns.get_campaign(slug=slug, viewer=actor_of_page(request))
    card = card_of(campaign)
    share = share_of(card)
    gifts = pledges.donor_wall(campaign_id=campaign.id, cursor=None, page_size=8)
    context = {
        "campaign": campaign,
        "card": card,
        "wall": gifts.results,
        "updates": campaigns.latest_updates(campaign_id=campaign.id),
        "has_more": gifts.next_cursor is not None,
        "similar": _similar(campaign),
        "share": share,
        "schema": schema_of(campaign, card, share),
        "embed_code": embed_code(campaign),
        "books": books_of(campaign),
    }
    return render(request, "site/campaigns/show.html", context)


@require_safe
@page
def wall(request: HttpRequest, slug: str) -> HttpResponse:
    """Everyone who gave to a campaign, page by page."""
    campaign = campaigns.get_campaign(slug=slug, viewer=actor_of_page(request))
    gifts = pledges.donor_wall(campaign_id=campaign.id, cursor=request.GET.get("cursor"), page_size=30)
    more = f"?cursor={gifts.next_cursor}" if gifts.next_cursor else ""
    context = {"campaign": campaign, "card": card_of(campaign), "wall": gifts.results, "more": more}
    return render(request, "site/campaigns/wall.html", context)


def _similar(campaign: campaigns.Campaign) -> list[Card]:
    """Open campaigns of the same kind, and others where there are few of that kind. Nobody's own view: it may be cached."""
    found = campaigns.list_campaigns(viewer=ANONYMOUS, status="active", ordering="-raised_amount", page_size=20)
    others = [each for each in found.results if each.id != campaign.id]
    return [card_of(each) for each in sorted(others, key=lambda each: each.category != campaign.category)[:3]]


def _asked(request: HttpRequest) -> dict[str, str]:
    given = {name: request.GET.get(name, default).replace("\x00", "") for name, default in DEFAULTS.items()}
    known = {"category": campaigns.CATEGORIES, "ordering": tuple(ORDERINGS), "status": tuple(STATUSES)}
    return {
        name: value if name not in known or value in known[name] else DEFAULTS[name] for name, value in given.items()
    }


def _categories() -> list[tuple[str, str, str]]:
    return [(key, str(name), CATEGORY_ICONS[key]) for key, name in CATEGORY_NAMES.items()]


def _counter() -> dict[str, object]:
    return {"gifts": figures.gifts(), "amounts": figures.amounts_given()}
