"""Payouts: what a campaign may be paid, asking for it, and the second person's decision. Rules are those of payouts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.faces.shared.amounts import money
from apps.payouts import interface as payouts
from apps.platform.errors import Forbidden, Invalid, Refused

from ..access import actor, page
from ..typed import major
from ..words import PAYOUT_STATES
from . import forms

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    viewer, status = actor(request), request.GET.get("status", "")
    status = status if status in PAYOUT_STATES else ""
    found = payouts.list_payouts(viewer=viewer, status=status, cursor=request.GET.get("cursor") or None)
    asked = {"status": status} if status else {}
    context = {
        "title": _("Payouts"),
        "payouts": found.results,
        "states": [(state, words, state == status) for state, (words, _tone) in PAYOUT_STATES.items()],
        "status": status,
        "more": "?" + urlencode(asked | {"cursor": found.next_cursor}) if found.next_cursor else "",
        "strange": payouts.strange_lines() if viewer.is_staff else [],
    }
    return page(request, "panel/payouts/index.html", context)


@require_safe
def show(request: HttpRequest, payout_id: UUID) -> HttpResponse:
    return _shown(request, payout_id, forms.DecisionForm())


@read_or_write
def decision(request: HttpRequest, payout_id: UUID) -> HttpResponse:
    """A second person approves or declines."""
    form = forms.DecisionForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, payout_id, form, 422 if form.is_bound else 200)
    note, viewer = form.cleaned_data["note"], actor(request)
    if form.cleaned_data["decision"] == "approve":
        effect = partial(payouts.approve_payout, payout_id=payout_id, by=viewer, note=note)
        done = _("Approved. The bank is asked to send the money now.")
    else:
        effect = partial(payouts.decline_payout, payout_id=payout_id, by=viewer, note=note)
        done = _("Declined. The money stays with the campaign.")
    return _do(request, effect, done, "admin:payout", payout_id)


@require_POST
def withdrawal(request: HttpRequest, payout_id: UUID) -> HttpResponse:
    effect = partial(payouts.withdraw_payout, payout_id=payout_id, by=actor(request))
    return _do(request, effect, _("The payout was withdrawn."), "admin:payout", payout_id)


@read_or_write
def of_campaign(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """The campaign's balance as the next statement would have it; asking for a payout."""
    campaign, balance = _campaign(request, campaign_id)
    available = max(0, balance.available)
    form = forms.RequestForm(
        request.POST if request.method == "POST" else None,
        currency=balance.currency,
        initial={"amount": major(available, balance.currency)},
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = payouts.request_payout(campaign_id=campaign_id, by=actor(request), **given)
            messages.success(request, _("Asked for. Somebody else has to approve it now."))
            return redirect("admin:payout", made.id)
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(None, refused.fields[0].detail if refused.fields else refused.detail)
    target = payouts.destination_of(campaign_id=campaign_id)
    listed = payouts.list_payouts(viewer=actor(request), campaign_id=campaign_id, page_size=20)
    context = {
        "title": _("Payouts"),
        "campaign": campaign,
        "balance": balance,
        "owed": -balance.available,
        "form": form,
        "target": target,
        "account_form": forms.AccountForm(),
        "payouts": listed.results,
        "is_possible": available > 0 and target is not None and not balance.reserved,
    }
    return page(request, "panel/payouts/campaign.html", context, 422 if form.is_bound else 200)


@read_or_write
def account(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    _campaign(request, campaign_id)
    if request.method != "POST":
        return redirect("admin:campaign-payouts", campaign_id)
    form = forms.AccountForm(request.POST)
    if form.is_valid():
        effect = partial(payouts.set_destination, campaign_id=campaign_id, by=actor(request), **form.cleaned_data)
        return _do(request, effect, _("The account was changed."), "admin:campaign-payouts", campaign_id)
    messages.error(request, _("Enter the account's number and whose it is."))
    return redirect("admin:campaign-payouts", campaign_id)


def _shown(request: HttpRequest, payout_id: UUID, form: forms.DecisionForm, status: int = 200) -> HttpResponse:
    viewer = actor(request)
    found = payouts.get_payout(payout_id=payout_id, viewer=viewer)
    names = accounts.get_users(user_ids=[each for each in (found.requested_by_id, found.decided_by_id) if each])
    who = {key: user.name for key, user in names.items()}
    waits, is_mine = found.status == "requested", viewer.user_id == found.requested_by_id
    context = {
        "title": _("Payout of %(amount)s") % {"amount": money(found.amount, found.currency)},
        "payout": found,
        "requested_by": who.get(found.requested_by_id, ""),
        "decided_by": who.get(found.decided_by_id, "") if found.decided_by_id else "",
        "target": payouts.destination_of(campaign_id=found.campaign_id),
        "form": form,
        "may_decide": waits and viewer.is_staff and not is_mine,
        "is_own": waits and viewer.is_staff and is_mine,
        "may_withdraw": waits and is_mine,
    }
    return page(request, "panel/payouts/show.html", context, status)


def _campaign(request: HttpRequest, campaign_id: UUID) -> tuple[campaigns.Campaign, payouts.Balance]:
    """The campaign and its balance, for those who look after its money."""
    found = campaigns.get_campaign(campaign_id=campaign_id, viewer=actor(request))
    if not campaigns.may_handle_money(campaign_id=campaign_id, actor=actor(request)):
        raise Forbidden(_("You do not look after this campaign's money."))
    balance = payouts.balance_of(campaign_id=campaign_id)
    if balance is None:
        raise Invalid
    return found, balance


def _do(request: HttpRequest, effect: Callable[[], Any], done: str, route: str, *arguments: Any) -> HttpResponse:
    try:
        effect()
        messages.success(request, done)
    except Refused as refused:
        if refused.kind.value == "not-found":
            raise
        messages.error(request, refused.fields[0].detail if refused.fields else refused.detail)
    return redirect(route, *arguments)
