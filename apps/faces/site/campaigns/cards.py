"""Campaigns as plain values for templates: everything computed once, so that a card costs next to nothing to render."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.campaigns import interface as campaigns
from apps.faces.site.templatetags.amounts import money
from apps.platform import clock

CATEGORY_NAMES = {
    "animals": _("Animals"),
    "arts": _("Arts"),
    "community": _("Community"),
    "education": _("Education"),
    "emergency": _("Emergency"),
    "environment": _("Environment"),
    "health": _("Health"),
    "relief": _("Relief"),
}


@dataclass(frozen=True)
class Card:
    title: str
    summary: str
    url: str
    category: str
    cover: str
    srcset: str
    raised: str
    goal: str
    percent: int
    bar: int
    donors: int
    days_left: int | None
    is_open: bool
    status: str


def card_of(campaign: campaigns.Campaign) -> Card:
    percent = campaign.raised_amount * 100 // campaign.goal_amount
    days_left = max(0, (campaign.ends_at - clock.now()).days) if campaign.ends_at else None
    sources = campaign.cover.sources if campaign.cover else ()
    return Card(
        title=campaign.title,
        summary=campaign.summary,
        url=reverse("site:campaign", args=[campaign.slug]),
        category=str(CATEGORY_NAMES[campaign.category]),
        cover=sources[0][1] if sources else "",
        srcset=", ".join(f"{url} {width}w" for width, url in sources),
        raised=money(campaign.raised_amount, campaign.currency),
        goal=money(campaign.goal_amount, campaign.currency),
        percent=percent,
        bar=min(percent, 100),
        donors=campaign.donor_count,
        days_left=days_left,
        is_open=campaign.status == "active",
        status=campaign.status,
    )
