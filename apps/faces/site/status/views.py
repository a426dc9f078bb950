"""How the parts of the product do, for everyone, in words: no figure, no name of a machine, no cause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import db
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.outbox import interface as outbox
from apps.platform import health

NAMES = {
    "giving": _("Giving"),
    "payments": _("Payments"),
    "totals": _("Totals and receipts"),
    "letters": _("E-mail"),
    "books": _("Books"),
    "live": _("Live pages"),
}
LEVELS = {
    health.GOOD: (_("works"), "good"),
    health.SLOW: (_("slow"), "warm"),
    health.DOWN: (_("does not work"), "bad"),
    health.UNKNOWN: (_("cannot be told now"), "warm"),
}
EXPLAINED = {
    "giving": _("No gift can be taken at the moment. What was given before is safe."),
    "payments": _(
        "The bank answers late or not at all. Gifts are taken and wait for it; none is lost, none is charged twice."
    ),
    "totals": _("Totals, receipts and pages are behind the gifts that arrived. They catch up by themselves."),
    "letters": _("E-mails leave late. Your gift's own page tells what they will say."),
    "books": _("Totals are being compared with the gifts that they are made of."),
    "live": _("Open pages show new gifts some seconds later than usual."),
}
OVERALL = {
    health.GOOD: _("Everything works."),
    health.SLOW: _("Some parts are slow."),
    health.DOWN: _("Some parts do not work at the moment."),
}


@dataclass(frozen=True)
class Part:
    name: str
    level: str
    tone: str
    explained: str


@dataclass(frozen=True)
class Past:
    name: str
    level: str
    tone: str
    began_at: datetime
    ended_at: datetime | None


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Answers whatever is down; a second old at most for readers of whom nothing is known."""
    levels = health.levels()
    try:
        past: list[Past] | None = [_past(each) for each in outbox.recent_incidents() if each.part in NAMES]
    except db.Error:
        past = None
    context = {
        "overall": OVERALL[_overall(levels)],
        "is_good": _overall(levels) == health.GOOD,
        "parts": [_part(part, level) for part, level in levels.items()],
        "past": past,
    }
    response = render(request, "site/status/status.html", context)
    patch_cache_control(response, max_age=1)
    return response


def _overall(levels: dict[str, str]) -> str:
    seen = set(levels.values())
    return health.DOWN if health.DOWN in seen else health.GOOD if seen == {health.GOOD} else health.SLOW


def _part(part: str, level: str) -> Part:
    word, tone = LEVELS[level]
    return Part(str(NAMES[part]), str(word), tone, "" if level == health.GOOD else str(EXPLAINED[part]))


def _past(incident: outbox.Incident) -> Past:
    word, tone = LEVELS[incident.level]
    return Past(str(NAMES[incident.part]), str(word), tone, incident.began_at, incident.ended_at)
