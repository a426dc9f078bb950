"""Reports: what lists, plots and exports read. Derived from pledges, rebuildable, and for the eyes of the viewer only."""

from .data import (
    COUNT_CAP,
    STATUSES,
    CampaignMoney,
    Day,
    DonorRow,
    Export,
    Funnel,
    GiftFilter,
    GiftRow,
    Hour,
    Page,
    Period,
    SavedFilter,
)
from .queries.donors import donor_sums, list_donors
from .queries.gifts import list_gifts, matching_gifts
from .queries.money import (
    campaign_money,
    funnel,
    hours_of_today,
    last_refreshed,
    money_by_day,
    stuck_gifts,
    today,
    top_campaigns,
)
from .services.exports.ask import FORMATS, ask_for_export, get_export, list_exports
from .services.exports.write import forget_exports, path_of, write_exports
from .services.rebuild import PROJECTIONS, rebuild
from .services.refresh import refresh
from .services.saved_filters import list_filters, remove_filter, save_filter

__all__ = [
    "COUNT_CAP",
    "PROJECTIONS",
    "STATUSES",
    "CampaignMoney",
    "Day",
    "DonorRow",
    "Export",
    "FORMATS",
    "Funnel",
    "GiftFilter",
    "GiftRow",
    "Hour",
    "Page",
    "Period",
    "SavedFilter",
    "ask_for_export",
    "campaign_money",
    "donor_sums",
    "forget_exports",
    "funnel",
    "get_export",
    "hours_of_today",
    "last_refreshed",
    "list_donors",
    "list_exports",
    "list_filters",
    "list_gifts",
    "matching_gifts",
    "money_by_day",
    "path_of",
    "rebuild",
    "refresh",
    "remove_filter",
    "save_filter",
    "stuck_gifts",
    "today",
    "top_campaigns",
    "write_exports",
]
