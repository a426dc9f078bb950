"""Asking for a payout: the statement is drawn up and its money is spoken for in one transaction."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.outbox import interface as outbox
from apps.platform import clock, text
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, Invalid
from apps.platform.ids import new_id

from .. import data
from ..errors import NoDestination, NotCovered, PayoutUnderWay
from ..events import PayoutRequested
from ..models import Payout
from ..queries.balance import balance_of
from ..queries.payouts import destination_of, payout_data


def request_payout(*, campaign_id: UUID, by: Actor, amount: int | None = None, note: str = "") -> data.Payout:
    """Draw up the statement of a campaign and ask for `amount` minor units of it, all that is available by default.

    For those who look after the campaign's money. The database refuses what is not covered (payouts_covered) and a second
    payout at a time. Raises CampaignNotFound, Forbidden, Invalid, NoDestination, NotCovered, PayoutUnderWay.
    """
    campaign = campaigns.get_campaign(campaign_id=campaign_id, viewer=by)
    if by.user_id is None or not campaigns.may_handle_money(campaign_id=campaign_id, actor=by):
        raise Forbidden(_("Only those who look after the campaign's money do this."))
    if amount is not None and (type(amount) is not int or not 0 < amount < 2**63):
        raise Invalid.field("amount", "invalid", _("The amount is a whole number of minor units above zero."))
    note = note_of(note)
    target = destination_of(campaign_id=campaign_id)
    if target is None:
        raise NoDestination
    balance = balance_of(campaign_id=campaign_id)
    if balance is None or balance.available < (amount or 1):
        raise PayoutUnderWay if balance and balance.reserved else NotCovered
    try:
        with transaction.atomic():
            row = Payout.objects.create(
                id=new_id(),
                campaign_id=campaign_id,
                campaign_title=campaign.title,
                currency=balance.currency,
                amount=balance.available if amount is None else amount,
                captured=balance.captured,
                refunded=balance.refunded,
                under_way=balance.under_way,
                fees_before=balance.fees,
                paid_before=balance.paid_out,
                fee_base=balance.fee_base,
                fee_basis_points=int(settings.PAYOUT_FEE_BASIS_POINTS),
                fee=balance.fee,
                account=target.account,
                holder=target.holder,
                note=note,
                requested_by_id=by.user_id,
                requested_at=clock.now(),
            )
            outbox.publish(PayoutRequested(**fact_of(row)))
            detail = {"campaign": campaign_id, "amount": row.amount, "fee": row.fee, "currency": row.currency}
            accounts.record_action(by=by, action="payout.request", subject_id=row.pk, detail=detail)
    except IntegrityError as error:
        raise _refusal(campaign_id, error) from None
    return payout_data(row)


def _refusal(campaign_id: UUID, error: IntegrityError) -> Exception:
    """Where somebody else was a moment faster, it is their payout that stands in the way."""
    refusal = refusal_of(error)
    balance = balance_of(campaign_id=campaign_id) if isinstance(refusal, NotCovered) else None
    return PayoutUnderWay() if balance and balance.reserved else refusal


def note_of(value: str) -> str:
    """Raises Invalid."""
    try:
        return text.clean_text(value, data.NOTE_MAX)
    except ValueError as error:
        raise Invalid.field("note", "invalid", str(error)) from None


def fact_of(row: Payout) -> dict[str, Any]:
    """The common part of a fact about this payout."""
    return {
        "payout_id": row.pk,
        "campaign_id": row.campaign_id,
        "currency": row.currency,
        "amount": row.amount,
        "requested_by_id": row.requested_by_id,
    }


def refusal_of(error: IntegrityError) -> Exception:
    """The refusal that a guard of the database stands for."""
    told = str(error)
    if "payouts_one_open" in told:
        return PayoutUnderWay()
    return NotCovered() if "payouts_covered" in told or "payouts_statement_adds_up" in told else error
