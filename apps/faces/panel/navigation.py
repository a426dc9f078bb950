"""The panel's own map: what each role finds, in the order in which it is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from . import access


@dataclass(frozen=True)
class Item:
    """`match` are the beginnings of the route names that belong to it."""

    title: Any
    icon: str
    route: str
    match: tuple[str, ...]


MANAGERS = (
    Item(_("Overview"), "house", "index", ("index",)),
    Item(_("Campaigns"), "target", "campaigns", ("campaign",)),
    Item(_("Gifts"), "hand-heart", "gifts", ("gift", "refund")),
    Item(_("Donors"), "users", "donors", ("donor",)),
    Item(_("Payouts"), "landmark", "payouts", ("payout",)),
    Item(_("Exports"), "download", "exports", ("export",)),
)
STAFF = (
    Item(_("Anomalies"), "triangle-alert", "anomalies", ("anomal",)),
    Item(_("Health"), "stethoscope", "health", ("health", "dead", "webhook")),
    Item(_("People"), "badge-check", "people", ("people", "person")),
    Item(_("Audit trail"), "history", "audit-trail", ("audit",)),
    Item(_("API keys"), "key-round", "api-keys", ("api-key",)),
)


def sections(request: HttpRequest) -> list[dict[str, Any]]:
    """Titled groups of links, the current one marked."""
    name = request.resolver_match.url_name or "" if request.resolver_match else ""
    found: list[dict[str, Any]] = [{"title": "", "links": _links(MANAGERS, name)}]
    if access.actor(request).is_staff:
        found.append({"title": _("Platform"), "links": _links(STAFF, name)})
    return found


def _links(items: tuple[Item, ...], name: str) -> list[dict[str, Any]]:
    return [
        {
            "title": item.title,
            "icon": item.icon,
            "url": reverse(f"admin:{item.route}"),
            "is_current": name.startswith(item.match),
        }
        for item in items
    ]


def languages(request: HttpRequest) -> list[dict[str, str]]:
    """The languages that this page is not in, each named in itself, with the link that shows the page in it."""
    kept = {name: str(value) for name, value in request.GET.items() if name != "lang"}
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"],
            "url": f"{request.path}?{urlencode(kept | {'lang': code})}",
        }
        for code, _name in settings.LANGUAGES
        if code != get_language()
    ]
