from typing import Any

from django.conf import settings

from apps.campaigns import interface as campaigns

_SAME = [
    "id",
    "slug",
    "title",
    "summary",
    "story",
    "category",
    "status",
    "goal_amount",
    "currency",
    "minimum_amount",
    "maximum_amount",
    "raised_amount",
    "donor_count",
    "totals_version",
    "progress",
    "starts_at",
    "ends_at",
    "created_at",
    "updated_at",
]


def campaign_body(campaign: campaigns.Campaign) -> dict[str, Any]:
    """A campaign as the contract shows it."""
    body = {name: getattr(campaign, name) for name in _SAME}
    body["organizer"] = {"id": campaign.manager_id, "name": campaign.organizer_name}
    body["cover_url"] = campaign.cover.url if campaign.cover else None
    body["url"] = f"{settings.PUBLIC_URL}/campaigns/{campaign.slug}/"
    return body
