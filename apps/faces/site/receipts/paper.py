"""What a receipt says, in the reader's language: the same lines for the page and for the PDF."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.pledges import interface as pledges

from ..templatetags.amounts import day, money


@dataclass(frozen=True)
class Paper:
    """Lines are (label, text, whether it stands out). `stamp` is one word across the paper, empty while it is valid."""

    title: str
    number: str
    issuer: str
    details: str
    rows: tuple[tuple[str, str, bool], ...]
    stamp: str
    confirm: str
    confirm_url: str


def paper_of(receipt: pledges.Receipt) -> Paper:
    rows = [
        (_("Received from"), receipt.donor_name or _("A donor who is not named"), False),
        (_("Amount"), money(receipt.amount, receipt.currency), True),
        (_("Date of the gift"), day(receipt.given_at), False),
        (_("For"), receipt.campaign_title, False),
        (_("Organised by"), receipt.organizer, False),
        (_("Issued on"), day(receipt.issued_at), False),
    ]
    if receipt.cover_amount:
        rows.insert(2, (_("Of it, to cover the fee"), money(receipt.cover_amount, receipt.currency), False))
    for refund in receipt.refunds:
        given_back = _("%(amount)s on %(date)s") % {
            "amount": money(refund.amount, receipt.currency),
            "date": day(refund.at),
        }
        rows.append((_("Given back"), given_back, False))
    if receipt.refunds:
        rows.append((_("Remaining gift"), money(receipt.amount - receipt.refunded_amount, receipt.currency), True))
    return Paper(
        title=_("Receipt"),
        number=receipt.number,
        issuer=receipt.issuer,
        details=receipt.issuer_details,
        rows=tuple(rows),
        stamp=_("VOID") if receipt.status == "void" else "",
        confirm=_("Anyone can confirm this receipt at this address. It does not show your name."),
        confirm_url=settings.PUBLIC_URL + reverse("site:receipt-confirm", args=[receipt.code]),
    )
