"""Receipts for whoever holds the gift's link, for the signed-in donor, and for everyone who wants to confirm one."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from apps.faces.shared.auth import actor_of_page
from apps.faces.shared.limits import Limit, client_address
from apps.faces.site.errors import page
from apps.pledges import interface as pledges

from .paper import paper_of
from .pdf import pdf_of, qr_svg

PAPERS = Limit(burst=60, per_second=1.0)


@require_safe
@page
def of_gift(request: HttpRequest, token: str) -> HttpResponse:
    receipt = pledges.receipt_of_gift(tracking_token=token)
    return _shown(
        request, receipt, back=reverse("site:donation", args=[token]), pdf="site:receipt-of-gift-pdf", key=token
    )


@require_safe
@page
def of_gift_pdf(request: HttpRequest, token: str) -> HttpResponse:
    PAPERS.take(client_address(request))
    return _pdf(pledges.receipt_of_gift(tracking_token=token))


@login_required
@require_safe
@page
def own(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    receipt = pledges.get_receipt(pledge_id=pledge_id, viewer=actor_of_page(request))
    return _shown(request, receipt, back=reverse("site:profile"), pdf="site:receipt-pdf", key=str(pledge_id))


@login_required
@require_safe
@page
def own_pdf(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    PAPERS.take(client_address(request))
    return _pdf(pledges.get_receipt(pledge_id=pledge_id, viewer=actor_of_page(request)))


@require_safe
@page
def confirm(request: HttpRequest, code: UUID) -> HttpResponse:
    """Public: number, amount, date and state of the receipt with this code; no name."""
    PAPERS.take(client_address(request))
    response = render(request, "site/receipts/confirm.html", {"receipt": pledges.confirm_receipt(code=code)})
    return _private(response)


def _shown(request: HttpRequest, receipt: pledges.Receipt, *, back: str, pdf: str, key: str) -> HttpResponse:
    paper = paper_of(receipt)
    qr = mark_safe(qr_svg(paper.confirm_url))  # noqa: S308  drawn here, of an address of ours
    context = {"receipt": receipt, "paper": paper, "qr": qr, "back": back, "pdf": reverse(pdf, args=[key])}
    return _private(render(request, "site/receipts/receipt.html", context))


def _pdf(receipt: pledges.Receipt) -> HttpResponse:
    response = HttpResponse(pdf_of(paper_of(receipt)), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{receipt.number}.pdf"'
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
