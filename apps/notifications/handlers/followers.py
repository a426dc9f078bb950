"""What followers hear: news, the goal, the end; and the letter that asks whether an address wants to follow at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apps.campaigns import interface as campaigns
from apps.campaigns.events import CampaignEnded, CampaignGoalReached, CampaignUpdatePosted, FollowRequested
from apps.platform.events import BULK, subscribe

from ..services.mailings import NewMailing, open_mailings
from ..services.write_letters import NewLetter, write_letters

Fact = CampaignUpdatePosted | CampaignGoalReached | CampaignEnded


@subscribe("notifications.tell_followers", CampaignUpdatePosted, CampaignGoalReached, CampaignEnded, lane=BULK)
def tell_followers(events: Sequence[Fact]) -> None:
    known = campaigns.get_campaigns(campaign_ids={event.campaign_id for event in events})
    open_mailings([_mailing(event, known[event.campaign_id]) for event in events if event.campaign_id in known])


@subscribe("notifications.write_follow_confirmations", FollowRequested)
def write_follow_confirmations(events: Sequence[FollowRequested]) -> None:
    write_letters(
        [
            NewLetter(kind="follow_confirmation", about=event.request_id, recipient=f"follower:{event.follower_id}")
            for event in events
        ]
    )


def _mailing(event: Fact, campaign: campaigns.Campaign) -> NewMailing:
    data: dict[str, Any] = {"campaign": str(campaign.id), "title": campaign.title, "slug": campaign.slug}
    match event:
        case CampaignUpdatePosted():
            told = data | {"update": str(event.update_id), "update_title": event.title}
            return NewMailing(kind="update_posted", about=event.update_id, campaign_id=campaign.id, data=told)
        case CampaignGoalReached():
            told = data | {"raised_amount": event.raised_amount, "currency": event.currency}
            return NewMailing(kind="followed_goal_reached", about=campaign.id, campaign_id=campaign.id, data=told)
        case CampaignEnded():
            return NewMailing(kind="followed_ended", about=campaign.id, campaign_id=campaign.id, data=data)
