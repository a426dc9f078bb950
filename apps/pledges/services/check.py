"""Whether a wish to give can be used at all: text, address, account. What depends on the campaign is checked under its lock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _

from apps.campaigns.data import AcceptingCampaign
from apps.payments import interface as payments
from apps.platform.errors import FieldError, Invalid
from apps.platform.text import clean_line, clean_text, normalise_email

from ..data import AUTOMATIC, MANUAL, MESSAGE_MAX, NAME_MAX, NewPledge
from .dedications import clean_dedication

LARGEST_BIGINT = 2**63 - 1


def cleaned(new: NewPledge) -> NewPledge:
    """The same wish with normalised text. Raises Invalid that names every field at fault."""
    faults: list[FieldError] = []

    def clean(field: str, clean_it: Callable[[], str]) -> str:
        try:
            return clean_it()
        except ValueError as error:
            faults.append(FieldError(field, "invalid", str(error)))
            return ""

    if not new.donor_email:
        faults.append(FieldError("donor.email", "required", _("Say where we can reach you: an e-mail address.")))
    email = clean("donor.email", lambda: normalise_email(new.donor_email)) if new.donor_email else ""
    name = clean("donor.name", lambda: clean_line(new.donor_name, NAME_MAX))
    message = clean("message", lambda: clean_text(new.message, MESSAGE_MAX))
    if type(new.amount) is not int or not 0 < new.amount <= LARGEST_BIGINT:
        faults.append(FieldError("amount", "invalid", _("The amount is a whole number of minor units above zero.")))
    elif type(new.cover_amount) is not int or not 0 <= new.cover_amount < new.amount:
        faults.append(FieldError("amount", "invalid", _("What covers the fee is a part of the amount.")))
    if new.capture not in (AUTOMATIC, MANUAL):
        faults.append(FieldError("capture", "invalid", _("Choose automatic or manual.")))
    faults += _payment_faults(new)
    dedication = new.dedication
    if dedication is not None:
        dedication, wrong = clean_dedication(dedication)
        faults += wrong
    if faults:
        raise Invalid(fields=tuple(faults))
    return replace(new, donor_email=email, donor_name=name, message=message, dedication=dedication)


def _payment_faults(new: NewPledge) -> list[FieldError]:
    if new.approval_id:
        return []
    try:
        payments.validate_account(provider=new.provider, account=new.account)
    except payments.UnknownProvider as refused:
        return [FieldError("payment.provider", refused.code, refused.detail)]
    except payments.InvalidAccount as refused:
        return [FieldError("payment.account", refused.code, refused.detail)]
    return []


def refuse_terms(new: NewPledge, campaign: AcceptingCampaign) -> Invalid | None:
    """The refusal of an amount outside the campaign's limits or of another currency, None when all fits."""
    if new.currency and new.currency != campaign.currency:
        return Invalid.field("currency", "wrong-currency", _("This campaign takes %s.") % campaign.currency)
    if new.amount < campaign.minimum_amount:
        least = _("The least that can be given is %(amount)s %(currency)s, in minor units.")
        return Invalid.field(
            "amount", "below-minimum", least % {"amount": campaign.minimum_amount, "currency": campaign.currency}
        )
    if new.amount > campaign.maximum_amount:
        most = _("The most that can be given at once is %(amount)s %(currency)s, in minor units.")
        return Invalid.field(
            "amount", "above-maximum", most % {"amount": campaign.maximum_amount, "currency": campaign.currency}
        )
    return None
