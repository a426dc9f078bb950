"""What other sites and services ask of a campaign: a picture, a code, a card to embed, and where the pages are."""

from __future__ import annotations

import io
import re
from typing import Any

import segno
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from apps.campaigns import interface as campaigns
from apps.faces.shared.limits import Limit, client_address
from apps.faces.site.errors import page
from apps.platform.actors import ANONYMOUS

from .cards import card_of
from .picture import draw_picture

DRAWINGS = Limit(burst=120, per_second=2.0)
KEPT_SECONDS, ASKED_AGAIN = 24 * 3600, 300
EMBED_WIDTH, EMBED_HEIGHT, BUTTON_HEIGHT = 360, 420, 64
EMBED_POLICY = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors *; img-src 'self' data:"


@require_safe
@page
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    """Drawn once for each total and language, then kept; anyone may ask for it."""
    campaign = _public(slug)
    key = f"picture:{campaign.id}:{campaign.revision}:{campaign.totals_version}:{get_language()}"
    drawn = cache.get(key)
    if drawn is None:
        DRAWINGS.take(client_address(request))
        drawn = draw_picture(campaign, card_of(campaign))
        cache.set(key, drawn, KEPT_SECONDS)
    return _kept(HttpResponse(drawn, content_type="image/png"))


@require_safe
@page
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """A QR code of the campaign's address, for posters."""
    drawing = io.BytesIO()
    segno.make(_address(_public(slug)), error="m").save(
        drawing, kind="svg", scale=8, border=2, dark="#1d1e4e", light="#fff"
    )
    return _kept(HttpResponse(drawing.getvalue(), content_type="image/svg+xml"))


@xframe_options_exempt
@require_safe
@page
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """A card, or with `?kind=button` a button, for a frame on anyone's site. Nothing in it depends on who looks."""
    campaign = _public(slug)
    name = "button" if request.GET.get("kind") == "button" else "card"
    response = render(
        request, "site/campaigns/embed.html", {"card": card_of(campaign), "kind": name, "site": settings.PUBLIC_URL}
    )
    response.headers["Content-Security-Policy"] = EMBED_POLICY
    return _kept(response, seconds=60)


@require_safe
@page
def oembed(request: HttpRequest) -> HttpResponse:
    """oEmbed 1.0 for addresses of campaigns: `?url=`, JSON only (501 for another format, as it says)."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse(status=501)
    slug = _slug_of(request.GET.get("url", ""))
    if slug is None:
        return HttpResponse(status=404)
    campaign = _public(slug)
    width = _bounded(request.GET.get("maxwidth", ""), EMBED_WIDTH)
    height = _bounded(request.GET.get("maxheight", ""), EMBED_HEIGHT)
    body: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "provider_name": "CareForAll",
        "provider_url": settings.PUBLIC_URL,
        "title": campaign.title,
        "author_name": campaign.organizer_name,
        "cache_age": 300,
        "thumbnail_url": _address(campaign) + "picture.png",
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
        "width": width,
        "height": height,
        "html": embed_code(campaign, width=width, height=height),
    }
    return _kept(JsonResponse(body))


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    fixed = [reverse(f"site:{name}") for name in ("home", "campaigns", "about", "transparency", "privacy")]
    context = {
        "site": settings.PUBLIC_URL,
        "languages": [language for language, _ in settings.LANGUAGES],
        "fixed": fixed,
        "campaigns": [(reverse("site:campaign", args=[slug]), at) for slug, at in campaigns.public_addresses()],
    }
    return _kept(render(request, "site/sitemap.xml", context, content_type="application/xml"), seconds=3600)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Gifts' links are for their holders; a link that leaked shall not be found by searching."""
    hidden = ("/donations/", "/accounts/", "/receipts/", "/api/", "/ws/", "/counter/", "/*/give/", "/*/embed/")
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in hidden),
        "",
        f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml",
        "",
    ]
    return _kept(HttpResponse("\n".join(lines), content_type="text/plain"), seconds=3600)


def embed_code(campaign: campaigns.Campaign, *, width: int = EMBED_WIDTH, height: int = EMBED_HEIGHT) -> str:
    """The frame, and where frames are taken away the plain link in it."""
    address = _address(campaign)
    return format_html(
        '<iframe src="{}embed/" width="{}" height="{}" title="{}" loading="lazy" style="border:0;max-width:100%">'
        '<a href="{}">{}</a></iframe>',
        address, width, height, campaign.title, address, campaign.title,
    )  # fmt: skip


def _public(slug: str) -> campaigns.Campaign:
    return campaigns.get_campaign(slug=slug, viewer=ANONYMOUS)


def _address(campaign: campaigns.Campaign) -> str:
    return settings.PUBLIC_URL + reverse("site:campaign", args=[campaign.slug])


def _slug_of(url: str) -> str | None:
    """The campaign that an address of ours leads to."""
    if not url.startswith(f"{settings.PUBLIC_URL}/"):
        return None
    try:
        found = resolve(re.split("[?#]", url.removeprefix(settings.PUBLIC_URL), maxsplit=1)[0])
    except Resolver404:
        return None
    return found.kwargs["slug"] if found.view_name == "site:campaign" else None


def _bounded(asked: str, usual: int) -> int:
    return max(200, min(usual, int(asked))) if asked.isdecimal() and len(asked) < 6 else usual


def _kept(response: HttpResponse, *, seconds: int = ASKED_AGAIN) -> HttpResponse:
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response
