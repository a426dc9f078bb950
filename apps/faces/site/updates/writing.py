"""News written by a campaign's team: with a preview first, corrected and taken off again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.campaigns import interface as campaigns
from apps.campaigns.errors import UpdateNotFound
from apps.faces.shared.auth import actor_of_page
from apps.faces.site.errors import page
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, Invalid

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


class NewsForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    body = forms.CharField(label=gettext_lazy("Text"), max_length=20_000, widget=forms.Textarea)

    def take(self, refused: Invalid) -> None:
        for each in refused.fields:
            self.add_error(each.field if each.field in self.fields else None, each.detail)


@never_cache
@login_required
@read_or_write
@page
def write(request: HttpRequest, slug: str) -> HttpResponse:
    by, campaign = _team(request, slug)
    form = NewsForm(request.POST if request.method == "POST" else None)
    shown = None
    if form.is_valid():
        try:
            if "preview" not in request.POST:
                made = campaigns.post_update(campaign_id=campaign.id, by=by, **form.cleaned_data)
                messages.success(request, _("Published. Those who follow the campaign are told."))
                return redirect(f"{reverse('site:updates', args=[slug])}#update-{made.id}")
            shown = campaigns.preview_update(campaign_id=campaign.id, by=by, **form.cleaned_data)
        except Invalid as refused:
            form.take(refused)
    return _form(request, form, campaign=campaign, preview=shown)


@never_cache
@login_required
@read_or_write
@page
def edit(request: HttpRequest, slug: str, update_id: UUID) -> HttpResponse:
    by, campaign = _team(request, slug)
    known = _known(campaign, update_id)
    form = NewsForm(
        request.POST if request.method == "POST" else None, initial={"title": known.title, "body": known.body}
    )
    shown = None
    if form.is_valid():
        try:
            if "preview" not in request.POST:
                campaigns.edit_update(campaign_id=campaign.id, update_id=update_id, by=by, **form.cleaned_data)
                messages.success(request, _("Saved. Nobody is told again."))
                return redirect(f"{reverse('site:updates', args=[slug])}#update-{update_id}")
            shown = campaigns.preview_update(campaign_id=campaign.id, by=by, **form.cleaned_data)
        except Invalid as refused:
            form.take(refused)
    return _form(request, form, campaign=campaign, preview=shown, known=known)


@never_cache
@login_required
@read_or_write
@page
def remove(request: HttpRequest, slug: str, update_id: UUID) -> HttpResponse:
    by, campaign = _team(request, slug)
    known = _known(campaign, update_id)
    if request.method == "POST":
        campaigns.remove_update(campaign_id=campaign.id, update_id=update_id, by=by)
        messages.success(request, _("Taken off the page."))
        return redirect("site:updates", slug)
    return render(request, "site/updates/remove.html", {"campaign": campaign, "update": known, "is_private": True})


def _team(request: HttpRequest, slug: str) -> tuple[Actor, campaigns.Campaign]:
    by = actor_of_page(request)
    campaign = campaigns.get_campaign(slug=slug, viewer=by)
    if not campaigns.may_manage(campaign, by):
        raise Forbidden(_("Only the campaign's team writes its news."))
    return by, campaign


def _known(campaign: campaigns.Campaign, update_id: UUID) -> campaigns.Update:
    known = campaigns.get_updates(update_ids=[update_id]).get(update_id)
    if known is None or known.campaign_id != campaign.id:
        raise UpdateNotFound
    return known


def _form(request: HttpRequest, form: NewsForm, **context: Any) -> HttpResponse:
    """What was typed stays; 422 once something is wrong with it."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "site/updates/write.html", {"form": form, "is_private": True, **context}, status=status)
