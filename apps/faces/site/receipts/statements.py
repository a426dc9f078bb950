"""The annual statement: one paper a year and currency, for the signed-in donor and for whoever opened the link to an address."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.faces.shared.limits import client_address
from apps.faces.site.errors import page
from apps.faces.site.history.proof import proven_address
from apps.pledges import interface as pledges

from ..templatetags.amounts import day, digits, money
from .pdf import statement_pdf
from .views import PAPERS, _private

Lines = list[dict[str, Any]]


@login_required
@require_safe
@page
def own(request: HttpRequest, year: int, currency: str) -> HttpResponse:
    found = pledges.statement_of(year=year, currency=currency, donor_id=request.user.pk)
    pdf = reverse("site:statement-pdf", args=[year, currency])
    return _shown(request, found, back=reverse("site:account"), pdf=pdf)


@login_required
@require_safe
@page
def own_pdf(request: HttpRequest, year: int, currency: str) -> HttpResponse:
    PAPERS.take(client_address(request))
    return _pdf(pledges.statement_of(year=year, currency=currency, donor_id=request.user.pk))


@require_safe
@page
def of_address(request: HttpRequest, year: int, currency: str) -> HttpResponse:
    if not (key := proven_address(request)):
        return redirect("site:history-ask")
    found = pledges.statement_of(year=year, currency=currency, donor_key=key)
    pdf = reverse("site:history-statement-pdf", args=[year, currency])
    return _shown(request, found, back=reverse("site:history"), pdf=pdf)


@require_safe
@page
def of_address_pdf(request: HttpRequest, year: int, currency: str) -> HttpResponse:
    if not (key := proven_address(request)):
        return redirect("site:history-ask")
    PAPERS.take(client_address(request))
    return _pdf(pledges.statement_of(year=year, currency=currency, donor_key=key))


def sums(statement: pledges.Statement) -> list[tuple[str, str]]:
    currency = statement.currency
    found = [(_("Given"), money(statement.given, currency))]
    if statement.refunded:
        found.append((_("Given back"), money(statement.refunded, currency)))
    return [*found, (_("Remaining"), money(statement.given - statement.refunded, currency))]


def lines(statement: pledges.Statement) -> Lines:
    return [
        {
            "number": each.number,
            "date": day(each.given_at),
            "campaign": each.campaign_title,
            "amount": money(each.amount, each.currency),
            "back": money(each.refunded_amount, each.currency) if each.refunded_amount else "",
            "stamp": _("VOID") if each.status == "void" else "",
        }
        for each in statement.receipts
    ]


def _shown(request: HttpRequest, statement: pledges.Statement, *, back: str, pdf: str) -> HttpResponse:
    context = {
        "statement": statement,
        "year": digits(statement.year),
        "lines": lines(statement),
        "sums": sums(statement),
        "back": back,
        "pdf": pdf,
        "is_private": True,
    }
    return _private(render(request, "site/receipts/statement.html", context))


def _pdf(statement: pledges.Statement) -> HttpResponse:
    given = {
        "title": _("Annual statement"),
        "year": digits(statement.year),
        "issuer": statement.issuer,
        "details": statement.issuer_details,
        "donor": statement.donor_name or _("A donor who is not named"),
        "head": [_("Receipt"), _("Date of the gift"), _("For"), _("Amount"), _("Given back")],
        "lines": lines(statement),
        "sums": sums(statement),
        "note": _("Made of the receipts of this year. Each can be confirmed by itself. Later refunds are taken off."),
    }
    response = HttpResponse(statement_pdf(given), content_type="application/pdf")
    name = f"statement-{statement.year}-{statement.currency}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _private(response)
