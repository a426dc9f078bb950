from __future__ import annotations

import re
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.platform import clock, text
from apps.platform.actors import Actor
from apps.platform.errors import FieldError, Forbidden, Invalid
from apps.platform.ids import new_id

from .. import data
from ..models import Destination
from ..queries.payouts import destination_of

ACCOUNT = re.compile(r"\d{4}(-\d{4}){3}", re.ASCII)


def set_destination(*, campaign_id: UUID, by: Actor, account: str, holder: str) -> data.Destination:
    """Say where the campaign is paid out to, from the next payout on. For those who look after its money.

    Raises CampaignNotFound, Forbidden, Invalid. Saying the same again changes nothing.
    """
    campaigns.get_campaign(campaign_id=campaign_id, viewer=by)
    if by.user_id is None or not campaigns.may_handle_money(campaign_id=campaign_id, actor=by):
        raise Forbidden(_("Only those who look after the campaign's money do this."))
    account, holder = account.strip(), _holder(holder)
    if not ACCOUNT.fullmatch(account):
        raise Invalid.field("account", "invalid", _("An account number is four groups of four digits."))
    before = destination_of(campaign_id=campaign_id)
    if before and (before.account, before.holder) == (account, holder):
        return before
    with transaction.atomic():
        Destination.objects.create(
            id=new_id(),
            campaign_id=campaign_id,
            account=account,
            holder=holder,
            set_by_id=by.user_id,
            set_at=clock.now(),
        )
        # Neither number nor name: the trail holds no personal data, the row keeps them.
        accounts.record_action(
            by=by, action="payout.set_account", subject_id=campaign_id, detail={"ends": account[-4:]}
        )
    return data.Destination(
        campaign_id=campaign_id, account=account, holder=holder, set_by_id=by.user_id, set_at=clock.now()
    )


def _holder(value: str) -> str:
    try:
        holder = text.clean_line(value, data.HOLDER_MAX)
    except ValueError as error:
        raise Invalid(fields=(FieldError("holder", "invalid", str(error)),)) from None
    if not holder:
        raise Invalid.field("holder", "required", _("Say whose account it is."))
    return holder
