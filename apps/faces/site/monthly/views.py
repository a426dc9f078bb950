"""A gift of every month for whoever holds its link: how it stands, what comes next, and every way to change or end it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns import interface as campaigns
from apps.faces.shared.amounts import day as in_words
from apps.faces.shared.amounts import money
from apps.faces.shared.limits import Limit, client_address
from apps.faces.site.errors import page
from apps.faces.site.pledges.typed import read_amount
from apps.platform.errors import Invalid
from apps.pledges import interface as pledges
from apps.recurring import interface as recurring

CHANGES = Limit(burst=30, per_second=0.2)
LINKS = Limit(burst=3, per_second=1 / 600)
DAYS = range(1, 32)


@require_safe
@page
def show(request: HttpRequest, token: str) -> HttpResponse:
    return _page(request, recurring.follow_plan(token=token))


@require_POST
@page
def amount(request: HttpRequest, token: str) -> HttpResponse:
    typed = request.POST.get("amount", "")[:40]
    plan = recurring.follow_plan(token=token)
    whole = read_amount(typed, plan.currency)
    if whole is None:
        return _page(request, plan, wrong={"amount": _("Enter an amount in numbers, for example 750.")}, typed=typed)
    return _change(request, token, lambda: recurring.change_amount(token=token, amount=whole), typed=typed)


@require_POST
@page
def day(request: HttpRequest, token: str) -> HttpResponse:
    chosen = request.POST.get("day", "")
    whole = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 3 else 0
    return _change(request, token, lambda: recurring.change_day(token=token, day=whole))


@require_POST
@page
def skip(request: HttpRequest, token: str) -> HttpResponse:
    return _change(request, token, lambda: recurring.skip_next(token=token))


@require_POST
@page
def pause(request: HttpRequest, token: str) -> HttpResponse:
    return _change(request, token, lambda: recurring.pause_plan(token=token))


@require_POST
@page
def resume(request: HttpRequest, token: str) -> HttpResponse:
    return _change(request, token, lambda: recurring.resume_plan(token=token))


@require_POST
@page
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    return _change(request, token, lambda: recurring.cancel_plan(token=token))


@require_POST
@page
def mail_link(request: HttpRequest, token: str) -> HttpResponse:
    """From a gift's page, which its donor may have passed on: so the link goes to the donor's mailbox and is not shown here."""
    gift = pledges.follow_gift(tracking_token=token)
    LINKS.take(str(gift.pledge_id))
    recurring.mail_plan_link(pledge_id=gift.pledge_id)
    messages.success(request, _("The link is on its way to the address that the gift was made with."))
    return redirect("site:donation", token)


def _change(request: HttpRequest, token: str, change: Callable[[], recurring.Plan], *, typed: str = "") -> HttpResponse:
    CHANGES.take(client_address(request))
    try:
        plan = change()
    except Invalid as refused:
        wrong = {each.field: each.detail for each in refused.fields}
        return _page(request, recurring.follow_plan(token=token), wrong=wrong, typed=typed)
    messages.success(request, _what_next(plan))
    return redirect("site:monthly", token)


def _what_next(plan: recurring.Plan) -> str:
    """What the change means, as the words that follow it."""
    if plan.status == "ended":
        return _("Ended. Nothing is taken any more. Thank you for every month.")
    if plan.status == "paused":
        return _("Paused. Nothing is taken until you go on.")
    given = {"amount": money(plan.amount, plan.currency), "date": in_words(plan.next_on)}
    if plan.next_on:
        return _("Done. The next gift is %(amount)s on %(date)s.") % given
    return _("Done.")


def _page(
    request: HttpRequest, plan: recurring.Plan, *, wrong: dict[str, str] | None = None, typed: str = ""
) -> HttpResponse:
    campaign = campaigns.get_campaigns(campaign_ids=[plan.campaign_id])[plan.campaign_id]
    under_way = next((month for month in plan.months if month.status in ("taking", "waiting")), None)
    limits = {
        "low": money(campaign.minimum_amount, plan.currency),
        "high": money(campaign.maximum_amount, plan.currency),
    }
    context = {
        "plan": plan,
        "campaign": campaign,
        "wrong": wrong or {},
        "typed": typed,
        "limits": _("Give between %(low)s and %(high)s.") % limits,
        "days": DAYS,
        "under_way": under_way,
        "notice_days": recurring.NOTICE_DAYS,
        "is_private": True,
    }
    response = render(request, "site/monthly/show.html", context, status=422 if wrong else 200)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
