"""Short ways to campaigns in any state, and to pictures."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from django.db import transaction
from PIL import Image

from apps.campaigns import interface as campaigns
from apps.outbox.models import StoredEvent
from apps.platform.actors import SYSTEM, Actor

WISH: dict[str, Any] = {
    "title": "Blankets for Kurigram",
    "summary": "Warm nights for 400 families.",
    "story": "The river took the houses.",
    "category": "relief",
    "goal_amount": 100_000,
    "currency": "BDT",
}
# How a campaign comes into each state, move by move.
WAYS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "in_review": ("submit",),
    "active": ("submit", "publish"),
    "paused": ("submit", "publish", "pause"),
    "ended": ("submit", "publish", "close"),
    "archived": ("archive",),
}
MOVES = {
    "submit": campaigns.submit_campaign,
    "publish": campaigns.publish_campaign,
    "return": campaigns.return_campaign,
    "pause": campaigns.pause_campaign,
    "close": campaigns.close_campaign,
    "archive": campaigns.archive_campaign,
}


def draft_of(manager: Actor, **changes: Any) -> campaigns.Campaign:
    return campaigns.create_campaign(by=manager, new=campaigns.NewCampaign(**WISH | changes))


def campaign_in(status: str, manager: Actor, **changes: Any) -> campaigns.Campaign:
    """A campaign of the manager's that went the ordinary way into `status`."""
    campaign = draft_of(manager, **changes)
    for move in WAYS[status]:
        campaign = MOVES[move](campaign_id=campaign.id, by=SYSTEM)
    assert campaign.status == status
    return campaign


def fold(*changes: campaigns.TotalChange) -> list[campaigns.Totals]:
    with transaction.atomic():
        return campaigns.fold_totals(changes=changes)


def gift(campaign_id: UUID, donor: str, amount: int) -> campaigns.TotalChange:
    return campaigns.TotalChange(campaign_id, donor, captured=amount, gifts=1)


def published(event_type: str) -> int:
    """How many facts of this type were announced."""
    return StoredEvent.objects.filter(type=event_type).count()


def picture(form: str = "PNG", size: tuple[int, int] = (1200, 900), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, form, **options)
    return out.getvalue()
