from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class CampaignMoved(Event):
    """Base shape of the lifecycle's facts."""

    campaign_id: UUID
    manager_id: UUID
    title: str
    slug: str


@dataclass(frozen=True, kw_only=True)
class CampaignSubmitted(CampaignMoved):
    type: ClassVar[str] = "campaign.submitted"


@dataclass(frozen=True, kw_only=True)
class CampaignReturned(CampaignMoved):
    type: ClassVar[str] = "campaign.returned"


@dataclass(frozen=True, kw_only=True)
class CampaignPublished(CampaignMoved):
    type: ClassVar[str] = "campaign.published"


@dataclass(frozen=True, kw_only=True)
class CampaignPaused(CampaignMoved):
    type: ClassVar[str] = "campaign.paused"


@dataclass(frozen=True, kw_only=True)
class CampaignEnded(CampaignMoved):
    type: ClassVar[str] = "campaign.ended"


@dataclass(frozen=True, kw_only=True)
class CampaignArchived(CampaignMoved):
    type: ClassVar[str] = "campaign.archived"


@dataclass(frozen=True, kw_only=True)
class CampaignProgressed(Event):
    """The total moved. `version` only rises; whoever shows totals ignores an older one."""

    type: ClassVar[str] = "campaign.progress"
    campaign_id: UUID
    raised_amount: int
    goal_amount: int
    currency: str
    donor_count: int
    progress_percent: int
    totals_version: int


@dataclass(frozen=True, kw_only=True)
class CampaignGoalReached(Event):
    type: ClassVar[str] = "campaign.goal_reached"
    campaign_id: UUID
    manager_id: UUID
    goal_amount: int
    raised_amount: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class CampaignUpdatePosted(CampaignMoved):
    """News of a campaign; `title` is that of the news."""

    type: ClassVar[str] = "campaign.update_posted"
    update_id: UUID


@dataclass(frozen=True, kw_only=True)
class FollowRequested(Event):
    """An address wants to follow and has to confirm it."""

    type: ClassVar[str] = "campaign.follow_requested"
    request_id: UUID
    follower_id: UUID
    campaign_id: UUID


@dataclass(frozen=True, kw_only=True)
class TeamInvited(Event):
    """Somebody was invited into the campaign's team; to which address, the invitation tells whoever writes the letter."""

    type: ClassVar[str] = "campaign.team_invited"
    invitation_id: UUID
    campaign_id: UUID
