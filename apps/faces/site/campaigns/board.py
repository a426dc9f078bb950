"""The board for a hall or a stream: one campaign, full screen, as it moves."""

from __future__ import annotations

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.campaigns import interface as campaigns
from apps.faces.shared.auth import actor_of_page
from apps.faces.site.errors import page
from apps.pledges import interface as pledges

from .cards import card_of

SHOWN = 6


@require_safe
@page
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Works as it is; static/js/board.js moves it. Without JavaScript it loads itself anew every few seconds."""
    campaign = campaigns.get_campaign(slug=slug, viewer=actor_of_page(request))
    address = settings.PUBLIC_URL + reverse("site:give", args=[slug])
    context = {
        "campaign": campaign,
        "card": card_of(campaign),
        "gifts": pledges.donor_wall(campaign_id=campaign.id, cursor=None, page_size=SHOWN).results,
        "address": address.partition("://")[2],
        "qr": segno.make(address, error="m").svg_data_uri(border=2, dark="#1d1e4e", light="#ffffff"),
    }
    return render(request, "site/campaigns/live.html", context)
