"""Ways to pass a campaign on. Plain links to the services people use; nothing of theirs is loaded by our pages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from apps.campaigns import interface as campaigns

from .cards import Card


@dataclass(frozen=True)
class Share:
    """Addresses that open another service with the text filled in; `url` is what is passed on."""

    url: str
    whatsapp: str
    facebook: str
    x: str
    email: str
    picture: str
    oembed: str


def share_of(card: Card) -> Share:
    url = settings.PUBLIC_URL + card.url
    text = f"{card.title} {url}"
    return Share(
        url=url,
        whatsapp="https://wa.me/?" + urlencode({"text": text}),
        facebook="https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": url}),
        x="https://twitter.com/intent/tweet?" + urlencode({"text": card.title, "url": url}),
        email=f"mailto:?subject={quote(card.title)}&body={quote(text)}",
        picture=f"{url}picture.png",
        oembed=f"{settings.PUBLIC_URL}{reverse('site:oembed')}?" + urlencode({"url": url}),
    )


def schema_of(campaign: campaigns.Campaign, card: Card, share: Share) -> SafeString:
    """schema.org's DonateAction as a data block. Not executed; still, nothing in it may close the element it stands in."""
    about = {
        "@context": "https://schema.org",
        "@type": "DonateAction",
        "name": campaign.title,
        "description": campaign.summary,
        "url": share.url,
        "image": share.picture,
        "priceCurrency": campaign.currency,
        "startTime": campaign.created_at.isoformat(),
        "recipient": {"@type": "Organization", "name": campaign.organizer_name},
        "target": {"@type": "EntryPoint", "urlTemplate": settings.PUBLIC_URL + card.give_url},
    }
    if campaign.ends_at:
        about["endTime"] = campaign.ends_at.isoformat()
    escapes = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
    return mark_safe(json.dumps(about, ensure_ascii=False).translate(escapes))  # noqa: S308  escaped above
