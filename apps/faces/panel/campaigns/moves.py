"""The moves of the lifecycle as the panel offers them: words, the service behind each, and from which states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.campaigns import interface as campaigns
from apps.platform.actors import Actor


@dataclass(frozen=True)
class Move:
    verb: str
    title: Any
    explain: Any
    button: Any
    done: Any
    service: Callable[..., campaigns.Campaign]
    sources: tuple[str, ...]
    tone: str = ""
    needs: str = campaigns.RUN


MOVES = {
    move.verb: move
    for move in (
        Move(
            "submission",
            _("Submit for review"),
            _("Staff read the campaign and publish it, or send it back with what is to be mended."),
            _("Submit"),
            _("The campaign waits for review."),
            campaigns.submit_campaign,
            ("draft",),
            needs=campaigns.EDIT,
        ),
        Move(
            "publication",
            _("Open again"),
            _("The campaign takes gifts again."),
            _("Open it"),
            _("The campaign is open."),
            campaigns.publish_campaign,
            ("paused",),
        ),
        Move(
            "pause",
            _("Pause"),
            _("The page stays, but takes no gifts until you open it again. Gifts under way are finished."),
            _("Pause it"),
            _("The campaign is paused."),
            campaigns.pause_campaign,
            ("active",),
        ),
        Move(
            "closure",
            _("Close"),
            _("The campaign ends for good; it cannot be opened again. Gifts under way are finished."),
            _("Close it for good"),
            _("The campaign is closed."),
            campaigns.close_campaign,
            ("active", "paused"),
            "danger",
        ),
        Move(
            "archive",
            _("Archive"),
            _("The campaign is put away and no longer shown. Its gifts and books stay."),
            _("Archive it"),
            _("The campaign is archived."),
            campaigns.archive_campaign,
            ("draft", "in_review", "paused", "ended"),
            "danger",
        ),
    )
}


def moves_of(campaign: campaigns.Campaign, viewer: Actor) -> list[Move]:
    """What can be done with the campaign now by somebody who manages it. Staff publish on the page for reviews."""
    known = {what: campaigns.may_manage(campaign, viewer, what) for what in (campaigns.EDIT, campaigns.RUN)}
    return [move for move in MOVES.values() if campaign.status in move.sources and known[move.needs]]
