"""Reports: what lists, plots and exports read. Derived from pledges, rebuildable, and for the eyes of the viewer only."""

from .data import (
    COUNT_CAP,
    STATUSES,
    CampaignMoney,
    Day,
    DonorRow,
    Funnel,
    GiftFilter,
    GiftRow,
    Hour,
    Page,
    Period,
)
from .queries.donors import donor_sums, list_donors
from .queries.gifts import list_gifts
from .queries.money import campaign_money, funnel, hours_of_today, last_refreshed, money_by_day, today, top_campaigns
from .services.rebuild import PROJECTIONS, rebuild
from .services.refresh import refresh

__all__ = [
    "COUNT_CAP",
    "PROJECTIONS",
    "STATUSES",
    "CampaignMoney",
    "Day",
    "DonorRow",
    "Funnel",
    "GiftFilter",
    "GiftRow",
    "Hour",
    "Page",
    "Period",
    "campaign_money",
    "donor_sums",
    "funnel",
    "hours_of_today",
    "last_refreshed",
    "list_donors",
    "list_gifts",
    "money_by_day",
    "rebuild",
    "refresh",
    "today",
    "top_campaigns",
]
