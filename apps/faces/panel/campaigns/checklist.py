"""What a campaign should have before staff look at it; only what is marked as needed holds it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.campaigns import interface as campaigns

SHORT_STORY = 200


@dataclass(frozen=True)
class Point:
    words: Any
    is_met: bool
    is_needed: bool


def checklist(campaign: campaigns.Campaign) -> list[Point]:
    return [
        Point(_("A title and a summary that stand alone"), bool(campaign.title and campaign.summary), True),
        Point(_("A story"), bool(campaign.story.strip()), True),
        Point(_("A story of some length: who is helped, how, by when"), len(campaign.story) >= SHORT_STORY, False),
        Point(_("A cover picture"), campaign.cover is not None, False),
        Point(_("An end date"), campaign.ends_at is not None, False),
    ]


def is_ready(points: list[Point]) -> bool:
    return all(point.is_met for point in points if point.is_needed)
