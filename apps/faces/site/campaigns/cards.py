"""Campaigns as plain values for templates: everything computed once, so that a card costs next to nothing to render."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from apps.campaigns import interface as campaigns
from apps.faces.site.templatetags.amounts import money, number, percent
from apps.platform import clock

CATEGORY_NAMES = {
    "animals": _lazy("Animals"),
    "arts": _lazy("Arts"),
    "community": _lazy("Community"),
    "education": _lazy("Education"),
    "emergency": _lazy("Emergency"),
    "environment": _lazy("Environment"),
    "health": _lazy("Health"),
    "relief": _lazy("Relief"),
}
CATEGORY_ICONS = {
    "animals": "paw-print",
    "arts": "palette",
    "community": "users",
    "education": "book-open",
    "emergency": "siren",
    "environment": "sprout",
    "health": "stethoscope",
    "relief": "tent",
}
URGENT_DAYS = 7


@dataclass(frozen=True)
class Card:
    """`bar` is `percent` as far as a bar goes; texts are in the reader's language."""

    title: str
    lang: str
    summary: str
    url: str
    give_url: str
    category: str
    icon: str
    cover: str
    srcset: str
    raised: str
    goal: str
    percent: int
    percent_text: str
    bar: int
    donors: int
    donors_text: str
    left_text: str
    is_open: bool
    is_urgent: bool
    status: str


def card_of(campaign: campaigns.Campaign) -> Card:
    share = campaign.raised_amount * 100 // campaign.goal_amount
    days_left = max(0, (campaign.ends_at - clock.now()).days) if campaign.ends_at else None
    is_open = campaign.status == "active"
    sources = campaign.cover.sources if campaign.cover else ()
    return Card(
        title=campaign.title,
        lang=lang_of(campaign.title),
        summary=campaign.summary,
        url=reverse("site:campaign", args=[campaign.slug]),
        give_url=reverse("site:give", args=[campaign.slug]),
        category=str(CATEGORY_NAMES[campaign.category]),
        icon=CATEGORY_ICONS[campaign.category],
        cover=sources[0][1] if sources else "",
        srcset=", ".join(f"{url} {width}w" for width, url in sources),
        raised=money(campaign.raised_amount, campaign.currency),
        goal=money(campaign.goal_amount, campaign.currency),
        percent=share,
        percent_text=percent(share),
        bar=min(share, 100),
        donors=campaign.donor_count,
        donors_text=donors_text(campaign.donor_count),
        left_text=_left_text(campaign.status, days_left),
        is_open=is_open,
        is_urgent=is_open and days_left is not None and days_left < URGENT_DAYS,
        status=campaign.status,
    )


def lang_of(text: str) -> str:
    """`bn` for text in Bangla letters, so that it is read and set as such on a page in another language; else nothing."""
    return "bn" if any("\u0980" <= char <= "\u09fe" for char in text) else ""


def donors_text(count: int) -> str:
    return ngettext("%(count)s donor", "%(count)s donors", count) % {"count": number(count)}


def _left_text(status: str, days_left: int | None) -> str:
    if status == "ended":
        return _("Ended")
    if status != "active":
        return _("Not taking gifts")
    if days_left is None:
        return ""
    if days_left == 0:
        return _("Last day")
    return ngettext("%(count)s day left", "%(count)s days left", days_left) % {"count": number(days_left)}
