from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.campaigns import interface as campaigns
from apps.platform.errors import Forbidden

from ..access import actor


def managed(request: HttpRequest, campaign_id: UUID, what: str = campaigns.SEE) -> campaigns.Campaign:
    """The campaign, for those of its team who may do `what`, and staff. Public campaigns of others are forbidden, the rest is
    not there."""
    campaign = campaigns.get_campaign(campaign_id=campaign_id, viewer=actor(request))
    if not campaigns.may_manage(campaign, actor(request), what):
        raise Forbidden(
            _("You do not manage this campaign.") if what == campaigns.SEE else _("Your role does not do this.")
        )
    return campaign
