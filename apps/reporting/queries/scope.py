"""Whose figures somebody may see: staff see all campaigns, managers their own, everyone else none."""

from __future__ import annotations

from uuid import UUID

from apps.campaigns import interface as campaigns
from apps.campaigns.errors import CampaignNotFound
from apps.platform.actors import Actor


def campaigns_in_view(viewer: Actor, campaign_id: UUID | None = None) -> list[UUID] | None:
    """The campaigns that a list is about; None means all of them. Raises CampaignNotFound for one that is not in view."""
    if viewer.is_staff:
        return [campaign_id] if campaign_id else None
    own = campaigns.managed_campaign_ids(user_id=viewer.user_id) if viewer.user_id else []
    if campaign_id is None:
        return own
    if campaign_id not in own:
        raise CampaignNotFound
    return [campaign_id]
