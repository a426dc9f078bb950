"""Campaigns: their purpose and lifecycle, and the totals that everyone looks at."""

from .data import AcceptingCampaign, Campaign, Cover, NewCampaign, Page, PublicSum, TotalChange, Totals
from .models import CATEGORIES
from .queries import (
    get_campaign,
    get_campaigns,
    is_manager,
    is_public,
    list_campaigns,
    lock_accepting,
    managed_campaign_ids,
    may_manage,
    public_addresses,
    public_sums,
)
from .services.artwork import draw_cover
from .services.changed import CHANNEL
from .services.cover import MAX_BYTES, set_cover
from .services.edit import EDITABLE, create_campaign, edit_campaign
from .services.fold import fold_totals
from .services.move import (
    archive_campaign,
    close_campaign,
    end_due_campaigns,
    pause_campaign,
    publish_campaign,
    return_campaign,
    submit_campaign,
)

__all__ = [
    "CATEGORIES",
    "CHANNEL",
    "EDITABLE",
    "MAX_BYTES",
    "AcceptingCampaign",
    "Campaign",
    "Cover",
    "NewCampaign",
    "Page",
    "PublicSum",
    "TotalChange",
    "Totals",
    "archive_campaign",
    "close_campaign",
    "create_campaign",
    "draw_cover",
    "edit_campaign",
    "end_due_campaigns",
    "fold_totals",
    "get_campaign",
    "get_campaigns",
    "is_manager",
    "is_public",
    "list_campaigns",
    "lock_accepting",
    "managed_campaign_ids",
    "may_manage",
    "pause_campaign",
    "public_addresses",
    "public_sums",
    "publish_campaign",
    "return_campaign",
    "set_cover",
    "submit_campaign",
]
