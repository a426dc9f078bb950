"""Ways to pass a campaign on. Plain links to the services people use; nothing of theirs is loaded by our pages."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.conf import settings

from .cards import Card


@dataclass(frozen=True)
class Share:
    """Addresses that open another service with the text filled in; `url` is what is passed on."""

    url: str
    whatsapp: str
    facebook: str
    x: str
    email: str


def share_of(card: Card) -> Share:
    url = settings.PUBLIC_URL + card.url
    text = f"{card.title} {url}"
    return Share(
        url=url,
        whatsapp="https://wa.me/?" + urlencode({"text": text}),
        facebook="https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": url}),
        x="https://twitter.com/intent/tweet?" + urlencode({"text": card.title, "url": url}),
        email=f"mailto:?subject={quote(card.title)}&body={quote(text)}",
    )
