"""What every page's frame needs: icons from the sprite, the address in each language, a way to switch the language."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from apps.campaigns import interface as campaigns

from ..language import PARAMETER

register = template.Library()
# A name that the page's own font cannot show is a drawing, or its few letters would load another font on every page.
DRAWN_NAMES = {"bn": "img/bangla.svg"}


@register.simple_tag
def icon(name: str, kind: str = "") -> SafeString:
    """An icon of static/vendor/icons, hidden from screen readers: say in words what it means. `kind`: "large"."""
    extra = f" icon--{kind}" if kind else ""
    sprite = static("vendor/icons/lucide.svg")
    return format_html('<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>', extra, sprite, name)


@register.filter
def runs_campaigns(user: Any) -> bool:
    """Whether somebody signed in has something to do in the panel: a role, or a place in a campaign's team."""
    return bool(user.granted.exists() or campaigns.has_teams(user_id=user.pk))


@register.simple_tag(takes_context=True)
def page_links(context: dict[str, Any]) -> SafeString:
    """Canonical and hreflang links of this page. Nothing where there is no request (500) or the page is somebody's own."""
    request: HttpRequest | None = context.get("request")
    if request is None or context.get("is_private"):
        return SafeString()
    kept = {name: request.GET[name] for name in context.get("canonical_query", ()) if request.GET.get(name)}
    address = settings.PUBLIC_URL + request.path
    lines = [("canonical", "", _with(address, kept))]
    lines += [("alternate", code, _with(address, kept | {PARAMETER: code})) for code, _ in settings.LANGUAGES]
    lines.append(("alternate", "x-default", _with(address, kept)))
    return format_html_join(
        "\n  ",
        '<link rel="{}"{} href="{}">',
        ((rel, format_html(' hreflang="{}"', code) if code else "", href) for rel, code, href in lines),
    )


@register.simple_tag(takes_context=True)
def other_languages(context: dict[str, Any]) -> list[dict[str, str]]:
    """The languages that this page is not in, each named in itself, with the link that shows the page in it."""
    request: HttpRequest | None = context.get("request")
    path = request.path if request else "/"
    kept = {name: str(value) for name, value in request.GET.items() if name != PARAMETER} if request else {}
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"],
            "href": _with(path, kept | {PARAMETER: code}),
            "drawing": DRAWN_NAMES.get(code, ""),
        }
        for code, _ in settings.LANGUAGES
        if code != get_language()
    ]


@register.simple_tag(takes_context=True)
def current(context: dict[str, Any], url: str) -> SafeString:
    """aria-current for the link in the navigation that leads to where one is."""
    request: HttpRequest | None = context.get("request")
    return SafeString(' aria-current="page"') if request and request.path == url else SafeString()


def _with(address: str, query: dict[str, str]) -> str:
    return f"{address}?{urlencode(query)}" if query else address
