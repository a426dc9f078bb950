"""Campaigns: the list, one campaign's own page, and its way from draft to archive. Who may do what is said by campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.campaigns import interface as campaigns
from apps.campaigns.errors import CampaignNotFound, NotEditable
from apps.platform.errors import Invalid, Refused
from apps.reporting import interface as reporting

from ..access import actor, page
from ..overview import money_section
from ..words import CAMPAIGN_STATES
from . import forms
from .checklist import checklist, is_ready
from .extras import ExtrasForm
from .managed import managed
from .moves import MOVES, moves_of

read_or_write = require_http_methods(["GET", "HEAD", "POST"])
DAYS = 30


@dataclass(frozen=True)
class Row:
    campaign: campaigns.Campaign
    percent: int


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    viewer = actor(request)
    status = request.GET.get("status", "")
    search = request.GET.get("search", "").replace("\x00", "")[:100]
    status = status if status in CAMPAIGN_STATES else ""
    counts = campaigns.count_by_status(viewer=viewer)
    found = campaigns.list_campaigns(
        viewer=viewer,
        managed=True,
        status=status,
        search=search,
        cursor=request.GET.get("cursor") or None,
        page_size=50,
    )
    asked = {name: value for name, value in (("status", status), ("search", search)) if value}
    context = {
        "title": _("Campaigns"),
        "rows": [Row(each, min(100, each.raised_amount * 100 // each.goal_amount)) for each in found.results],
        "states": [
            (state, words, counts.get(state, 0), state == status) for state, (words, _tone) in CAMPAIGN_STATES.items()
        ],
        "all": sum(counts.values()),
        "status": status,
        "search": search,
        "more": "?" + urlencode(asked | {"cursor": found.next_cursor}) if found.next_cursor else "",
    }
    return page(request, "panel/campaigns/index.html", context)


@require_safe
def show(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    viewer, campaign = actor(request), managed(request, campaign_id)
    today = reporting.today()
    may = {each: campaigns.may_manage(campaign, viewer, each) for each in (campaigns.EDIT, campaigns.MONEY)}
    of_it = reporting.GiftFilter(campaign_id=campaign_id)
    latest = reporting.list_gifts(viewer=viewer, wanted=of_it, page_size=8).results if may[campaigns.MONEY] else []
    context = {
        "title": campaign.title,
        "campaign": campaign,
        "percent": campaign.raised_amount * 100 // campaign.goal_amount,
        "may": may,
        "money": money_section(viewer, today - timedelta(days=DAYS - 1), today, campaign_id)
        if may[campaigns.MONEY]
        else [],
        "gifts": latest,
        "moves": moves_of(campaign, viewer),
        "points": checklist(campaign) if campaign.status == "draft" else [],
        "reason": campaigns.review_reason(campaign_id=campaign_id) if campaign.status == "draft" else "",
        "cover_form": forms.CoverForm(),
        "may_review": viewer.is_staff and campaign.status == "in_review",
    }
    return page(request, "panel/campaigns/show.html", context)


@read_or_write
def create(request: HttpRequest) -> HttpResponse:
    form = forms.CampaignForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = campaigns.create_campaign(by=actor(request), new=campaigns.NewCampaign(**form.cleaned_data))
            messages.success(request, _("The draft was saved. Look at its preview, then submit it."))
            return redirect("admin:campaign", made.id)
        except Invalid as refused:
            form.take_refusal(refused)
    context = {"title": _("New campaign"), "form": form}
    return page(request, "panel/campaigns/form.html", context, 422 if form.is_bound else 200)


@read_or_write
def edit(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    campaign = managed(request, campaign_id, campaigns.EDIT)
    form = forms.CampaignForm(request.POST if request.method == "POST" else None, campaign=campaign)
    if form.is_valid():
        left_empty = {name for name in forms.AMOUNTS if form.cleaned_data.get(name, 0) is None}
        changes = {name: value for name, value in form.cleaned_data.items() if name not in left_empty}
        try:
            campaigns.edit_campaign(campaign_id=campaign_id, by=actor(request), changes=changes)
            messages.success(request, _("The changes were saved."))
            return redirect("admin:campaign", campaign_id)
        except (Invalid, NotEditable) as refused:
            form.take_refusal(refused)
    context = {"title": _("Edit"), "form": form, "campaign": campaign}
    return page(request, "panel/campaigns/form.html", context, 422 if form.is_bound else 200)


@require_http_methods(["POST"])
def cover(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    managed(request, campaign_id, campaigns.EDIT)
    form = forms.CoverForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a picture first."))
        return redirect("admin:campaign", campaign_id)
    image = form.cleaned_data["image"].read(campaigns.MAX_BYTES + 1)
    focus = forms.FOCUS[form.cleaned_data["focus"] or "middle"][1]
    return _do(
        request,
        campaign_id,
        partial(campaigns.set_cover, campaign_id=campaign_id, by=actor(request), image=image, focus=focus),
        _("The cover was changed."),
    )


@read_or_write
def extras(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Questions and answers, milestones, suggested amounts, a word of thanks."""
    campaign = managed(request, campaign_id, campaigns.EDIT)
    form = ExtrasForm(request.POST if request.method == "POST" else None, campaign=campaign)
    if form.is_valid():
        try:
            campaigns.set_extras(campaign_id=campaign_id, by=actor(request), **form.wanted())
            messages.success(request, _("The changes were saved."))
            return redirect("admin:campaign", campaign_id)
        except Invalid as refused:
            form.add_error(None, refused.fields[0].detail)
    context = {"title": _("Questions, milestones, amounts, thanks"), "campaign": campaign, "form": form}
    return page(request, "panel/campaigns/extras.html", context, 422 if form.is_bound else 200)


@require_http_methods(["POST"])
def copy(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """A draft of one's own with the same texts."""
    managed(request, campaign_id, campaigns.EDIT)
    made = campaigns.duplicate_campaign(campaign_id=campaign_id, by=actor(request))
    messages.success(request, _("This is the copy: a draft of your own, without dates, news and team."))
    return redirect("admin:campaign", made.id)


@read_or_write
def review(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Staff look at a campaign and decide."""
    campaign, viewer = managed(request, campaign_id), actor(request)
    form = forms.ReviewForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"title": _("Review"), "campaign": campaign, "form": form, "points": checklist(campaign)}
        return page(request, "panel/campaigns/review.html", context, 422 if form.is_bound else 200)
    if form.cleaned_data["decision"] == "publish":
        effect, done = (
            partial(campaigns.publish_campaign, campaign_id=campaign_id, by=viewer),
            _("The campaign is open."),
        )
    else:
        reason = form.cleaned_data["reason"]
        effect = partial(campaigns.return_campaign, campaign_id=campaign_id, by=viewer, reason=reason)
        done = _("The campaign went back to its manager.")
    return _do(request, campaign_id, effect, done)


@read_or_write
def move(request: HttpRequest, campaign_id: UUID, verb: str) -> HttpResponse:
    """Says what the move means, then makes it."""
    wanted = MOVES[verb]
    campaign = managed(request, campaign_id, wanted.needs)
    points = checklist(campaign) if verb == "submission" else []
    if request.method == "POST" and is_ready(points):
        effect = partial(wanted.service, campaign_id=campaign_id, by=actor(request))
        return _do(request, campaign_id, effect, str(wanted.done))
    context = {
        "title": str(wanted.title),
        "campaign": campaign,
        "move": wanted,
        "points": points,
        "is_ready": is_ready(points),
        "is_possible": wanted in moves_of(campaign, actor(request)),
    }
    return page(request, "panel/campaigns/move.html", context, 409 if request.method == "POST" else 200)


def _do(request: HttpRequest, campaign_id: UUID, effect: Any, done: str) -> HttpResponse:
    try:
        effect()
        messages.success(request, done)
    except CampaignNotFound:
        raise
    except Refused as refused:
        messages.error(request, refused.fields[0].detail if refused.fields else refused.detail)
    return redirect("admin:campaign", campaign_id)
