"""What plans do when something happens to their gifts, approvals, campaigns and people."""

from collections.abc import Sequence

from apps.accounts.events import UserErased
from apps.campaigns.events import CampaignArchived, CampaignEnded, CampaignPaused, CampaignPublished
from apps.payments.events import ApprovalRefused
from apps.platform.events import BULK, subscribe
from apps.pledges.events import PledgeCaptured, PledgeFailed

from .services import follow_campaigns, forget_givers, settle

CampaignFact = CampaignPaused | CampaignEnded | CampaignArchived | CampaignPublished


@subscribe("recurring.follow_gifts", PledgeCaptured, PledgeFailed, lane=BULK)
def follow_gifts(events: Sequence[PledgeCaptured | PledgeFailed]) -> None:
    settle.follow_gifts(events)


@subscribe("recurring.follow_campaigns", CampaignPaused, CampaignEnded, CampaignArchived, CampaignPublished, lane=BULK)
def follow_the_campaigns(events: Sequence[CampaignFact]) -> None:
    closed = {event.campaign_id for event in events if isinstance(event, CampaignEnded | CampaignArchived)}
    paused = {event.campaign_id for event in events if isinstance(event, CampaignPaused)}
    back = {event.campaign_id for event in events if isinstance(event, CampaignPublished)}
    follow_campaigns.end_of_campaigns(campaign_ids=closed)
    follow_campaigns.pause_of_campaigns(campaign_ids=paused)
    follow_campaigns.back_of_campaigns(campaign_ids=back - closed)


@subscribe("recurring.end_refused", ApprovalRefused, lane=BULK)
def end_refused(events: Sequence[ApprovalRefused]) -> None:
    forget_givers.end_refused(approval_ids=[event.approval_id for event in events])


@subscribe("recurring.forget_givers", UserErased, lane=BULK)
def forget(events: Sequence[UserErased]) -> None:
    forget_givers.forget_givers(user_ids=[event.user_id for event in events])
