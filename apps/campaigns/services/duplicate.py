from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts import interface as accounts
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden
from apps.platform.ids import new_id

from .. import data
from ..data import EDIT
from ..models import Campaign, CampaignTotals
from ..queries import campaign_data, get_campaign, may_manage
from .edit import slug_of

_COPIED = (
    *("summary", "story", "story_html", "category", "goal_amount", "currency", "minimum_amount", "maximum_amount"),
    *("cover", "faq", "milestones", "presets", "thank_you"),
)


def duplicate_campaign(*, campaign_id: UUID, by: Actor) -> data.Campaign:
    """A draft of the caller's own with the texts, limits and cover of a campaign that they may edit; neither dates, news, team
    nor gifts. For managers and staff. Raises CampaignNotFound, Forbidden."""
    source = get_campaign(campaign_id=campaign_id, viewer=by)
    if by.user_id is None or not (by.is_manager or by.is_staff) or not may_manage(source, by, EDIT):
        raise Forbidden(_("Only managers copy campaigns, and only those that they may edit."))
    row = Campaign.objects.get(pk=campaign_id)
    title = (_("%(title)s (copy)") % {"title": source.title})[-120:]
    made_id = new_id()
    with transaction.atomic():
        made = Campaign.objects.create(
            id=made_id,
            title=title,
            slug=slug_of(title, made_id),
            manager_id=by.user_id,
            organizer_name=accounts.get_user(user_id=by.user_id).name,
            **{name: getattr(row, name) for name in _COPIED},
        )
        made.totals = CampaignTotals.objects.create(campaign=made)
        accounts.record_action(by=by, action="campaign.duplicate", subject_id=made_id, detail={"of": campaign_id})
    return campaign_data(made)
