"""The public feed: what anyone may know about campaigns and gifts, as it happens. Never who gave; see queries.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from apps.campaigns import interface as campaigns
from apps.campaigns.data import Campaign
from apps.campaigns.events import CampaignGoalReached, CampaignProgressed, CampaignPublished
from apps.platform import clock
from apps.platform.clock import rfc3339
from apps.platform.events import subscribe
from apps.pledges.events import PledgeCaptured, PledgeCreated

from ..data import campaign_topic
from ..services.post import NewEntry, post

FeedEvent = CampaignPublished | CampaignProgressed | CampaignGoalReached | PledgeCreated | PledgeCaptured


@subscribe(
    "notifications.post_feed", CampaignPublished, CampaignProgressed, CampaignGoalReached, PledgeCreated, PledgeCaptured
)
def post_feed(events: Sequence[FeedEvent]) -> None:
    """Of several totals of one campaign in a batch the newest stands for all; nobody needs the ones between."""
    newest = _newest_progress(events)
    told = [event for event in events if not isinstance(event, CampaignProgressed)] + list(newest.values())
    known = campaigns.get_campaigns(campaign_ids={event.campaign_id for event in told})
    post([_entry(event, known[event.campaign_id]) for event in told if event.campaign_id in known])


def _newest_progress(events: Sequence[FeedEvent]) -> dict[UUID, CampaignProgressed]:
    newest: dict[UUID, CampaignProgressed] = {}
    for event in events:
        if isinstance(event, CampaignProgressed):
            before = newest.get(event.campaign_id)
            if before is None or before.totals_version < event.totals_version:
                newest[event.campaign_id] = event
    return newest


def _entry(event: FeedEvent, campaign: Campaign) -> NewEntry:
    about: dict[str, Any] = {"campaign": str(event.campaign_id)}
    at, pledge_id = clock.now(), None
    match event:
        case CampaignPublished():
            about |= {"slug": event.slug, "title": event.title}
        case CampaignProgressed():
            about |= {
                "raised_amount": event.raised_amount,
                "goal_amount": event.goal_amount,
                "currency": event.currency,
                "donor_count": event.donor_count,
                "progress": round(event.raised_amount / event.goal_amount, 4),
                "version": event.totals_version,
            }
        case CampaignGoalReached():
            about |= {"slug": campaign.slug, "title": campaign.title}
            about |= {
                "goal_amount": event.goal_amount,
                "raised_amount": event.raised_amount,
                "currency": event.currency,
            }
        case PledgeCreated() | PledgeCaptured():
            at = event.occurred_at
            about |= {"amount": event.amount, "currency": event.currency, "at": rfc3339(at)}
            pledge_id = event.pledge_id if isinstance(event, PledgeCaptured) else None
    return NewEntry(topic=campaign_topic(event.campaign_id), type=event.type, at=at, data=about, pledge_id=pledge_id)
