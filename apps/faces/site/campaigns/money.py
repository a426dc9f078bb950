"""A campaign's open books: what was raised, what fees it cost, what was paid out, and when."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.campaigns import interface as campaigns
from apps.faces.shared.auth import actor_of_page
from apps.faces.site.errors import page
from apps.payouts import interface as payouts
from apps.platform.money import exponent

from .cards import card_of

COLUMNS = ("paid_at", "captured", "refunded", "fees_before", "paid_before", "fee", "amount")


@dataclass(frozen=True)
class Books:
    """Amounts are minor units of the campaign's currency; `left` is what neither fees nor payouts took yet."""

    currency: str
    raised: int
    fees: int
    paid_out: int
    payouts: tuple[payouts.PublicPayout, ...]

    @property
    def left(self) -> int:
        return max(0, self.raised - self.fees - self.paid_out)


def books_of(campaign: campaigns.Campaign) -> Books:
    """One query."""
    found = payouts.public_payouts(campaign_id=campaign.id)
    return Books(
        campaign.currency,
        campaign.raised_amount,
        sum(each.fee for each in found),
        sum(each.amount for each in found),
        found,
    )


@require_safe
@page
def money(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = campaigns.get_campaign(slug=slug, viewer=actor_of_page(request))
    context = {"campaign": campaign, "card": card_of(campaign), "books": books_of(campaign)}
    return render(request, "site/campaigns/money.html", context)


@require_safe
@page
def statements(request: HttpRequest, slug: str) -> HttpResponse:
    """The statements as a file, in major units with a point, for spreadsheets."""
    campaign = campaigns.get_campaign(slug=slug, viewer=actor_of_page(request))
    digits, written = exponent(campaign.currency), io.StringIO()
    sheet = csv.writer(written)
    sheet.writerow(["campaign", "currency", *COLUMNS])
    for each in books_of(campaign).payouts:
        amounts = [f"{Decimal(getattr(each, name)).scaleb(-digits):f}" for name in COLUMNS[1:]]
        sheet.writerow([campaign.slug, each.currency, each.paid_at.isoformat(), *amounts])
    response = HttpResponse(written.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="payouts-{campaign.slug}.csv"'
    return response
