"""Gifts: the list, one gift with its whole story, and what may be done about it. Rules and amounts are pledges' matter."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.campaigns import interface as campaigns
from apps.faces.shared.amounts import money
from apps.faces.shared.idempotency import caller_scope
from apps.platform.errors import Forbidden, Invalid, Refused
from apps.pledges import interface as pledges
from apps.reporting import interface as reporting

from ..access import actor, page
from ..pages import asked_of, links_of
from ..typed import major
from ..words import JOB_ACTIONS
from . import filters, forms
from .story import story_of

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    viewer = actor(request)
    form = forms.FilterForm(request.GET or {}, own=campaigns.managed_titles(viewer=viewer))
    wanted, refusal = form.wanted(), ""
    try:
        found = reporting.list_gifts(viewer=viewer, wanted=wanted, cursor=request.GET.get("cursor") or None)
    except Invalid as refused:
        refusal, found = refused.fields[0].detail, reporting.Page.empty()
    asked = asked_of(request)
    context = {
        "title": _("Gifts"),
        "form": form,
        "page": found,
        "refusal": refusal,
        "is_filtered": bool(asked),
        "query": urlencode(asked),
        "saved": filters.links(request),
        "job_actions": JOB_ACTIONS.items(),
        "links": links_of(found, asked),
        "first": "?" + urlencode(asked),
    }
    return page(request, "panel/gifts/index.html", context, 422 if refusal else 200)


@require_safe
def show(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    pledge = managed(request, pledge_id)
    left = _left(pledge)
    context = {
        "title": _("Gift of %(amount)s") % {"amount": money(pledge.amount, pledge.currency)},
        "pledge": pledge,
        "story": story_of(pledge, actor(request)),
        "may_end": pledge.status == "authorized",
        "may_refund": left > 0,
        "note_form": forms.NoteForm(initial=forms.TokenForm.fresh()),
        "token": forms.TokenForm.fresh()["token"],
        "left": left,
        "waits": any(each.pledge_id == pledge_id for each in pledges.awaiting_refunds(viewer=actor(request))),
    }
    return page(request, "panel/gifts/show.html", context)


@read_or_write
def capture(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """Asks, then captures."""
    words = {
        "title": _("Capture this gift"),
        "explain": _("The money is taken from the donor's account now."),
        "button": _("Capture the gift"),
        "done": _("The capture was asked for. The gift shows it as soon as the provider has answered."),
    }
    return _end(request, pledge_id, words, pledges.capture_pledge)


@read_or_write
def cancellation(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """Asks, then lets the hold go."""
    words = {
        "title": _("Cancel this gift"),
        "explain": _("The hold on the donor's account is let go; no money is taken."),
        "button": _("Cancel the gift"),
        "done": _("The cancellation was asked for. The gift shows it as soon as the provider has answered."),
    }
    return _end(request, pledge_id, words, pledges.cancel_pledge)


@read_or_write
def refund(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """Amount and reason; then a page that says what will happen; then it happens, once."""
    pledge = managed(request, pledge_id)
    left = _left(pledge)
    initial = {**forms.RefundForm.fresh(), "amount": major(left, pledge.currency)}
    form = forms.RefundForm(
        request.POST if request.method == "POST" else None, pledge=pledge, left=left, initial=initial
    )
    context: dict[str, Any] = {"title": _("Refund"), "pledge": pledge, "left": left, "form": form}
    if not form.is_valid():
        return page(request, "panel/gifts/refund.html", context, 422 if form.is_bound else 200)
    if "confirmed" not in request.POST:
        return page(request, "panel/gifts/refund_confirm.html", context | {"amount": form.cleaned_data["amount"]})
    amount, reason = form.cleaned_data["amount"], form.cleaned_data["reason"]
    return once(
        request,
        pledge_id,
        form,
        lambda: pledges.refund_pledge(pledge_id=pledge_id, by=actor(request), amount=amount, reason=reason),
        _(
            "%(amount)s go back to the donor as soon as the provider has answered, large amounts once a second person approves."
        )
        % {"amount": money(amount, pledge.currency)},
    )


def _end(request: HttpRequest, pledge_id: UUID, words: dict[str, str], effect: Callable[..., Any]) -> HttpResponse:
    pledge = managed(request, pledge_id)
    form = forms.TokenForm(request.POST if request.method == "POST" else None, initial=forms.TokenForm.fresh())
    if form.is_valid():
        return once(request, pledge_id, form, lambda: effect(pledge_id=pledge_id, by=actor(request)), words["done"])
    context = {"title": words["title"], "words": words, "pledge": pledge, "form": form}
    return page(request, "panel/gifts/end.html", context, 422 if form.is_bound else 200)


def once(
    request: HttpRequest, pledge_id: UUID, form: forms.TokenForm, effect: Callable[[], Any], done: str
) -> HttpResponse:
    """Run the effect once for this form, however often it is sent, and go back to the gift with what came of it."""

    def answer() -> tuple[int, Any]:
        effect()
        return 200, {}

    try:
        pledges.run_idempotently(
            caller_scope=caller_scope(actor(request)),
            key=f"panel:{form.cleaned_data['token']}",
            fingerprint=_fingerprint(request),
            effect=answer,
        )
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, refused.fields[0].detail if refused.fields else refused.detail)
    return redirect("admin:gift", pledge_id)


def _fingerprint(request: HttpRequest) -> bytes:
    sent = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    return hashlib.sha256(repr((request.path, sorted(sent.items()))).encode()).digest()


def managed(request: HttpRequest, pledge_id: UUID) -> pledges.Pledge:
    """The pledge, for those who manage its campaign. Its donor, even a manager of other campaigns, gets none of it here."""
    pledge = pledges.get_pledge(pledge_id=pledge_id, viewer=actor(request))
    if not pledges.manages(campaign_id=pledge.campaign_id, actor=actor(request)):
        raise Forbidden(_("This gift went to a campaign that you do not manage."))
    return pledge


def _left(pledge: pledges.Pledge) -> int:
    """What may still be given back, refunds under way included."""
    under_way = sum(
        each.amount
        for each in pledges.story_of(pledge_id=pledge.id).refunds
        if each.is_reserved and each.status != "failed" and each.counted_at is None
    )
    return max(0, pledge.captured_amount - pledge.refunded_amount - under_way)
