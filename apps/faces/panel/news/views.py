"""A campaign's news: written for those who gave and those who follow, taken off the page again. Rules are those of campaigns."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from apps.campaigns import interface as campaigns
from apps.campaigns.errors import UpdateNotFound
from apps.platform.errors import Invalid

from ..access import actor, page
from ..campaigns.managed import managed


class NewsForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    body = forms.CharField(
        label=gettext_lazy("News"),
        max_length=20_000,
        widget=forms.Textarea,
        help_text=gettext_lazy("Markdown. Everybody who follows the campaign gets a letter."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    campaign = managed(request, campaign_id, campaigns.EDIT)
    form = NewsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            campaigns.post_update(campaign_id=campaign_id, by=actor(request), **form.cleaned_data)
            messages.success(request, _("The news is on the campaign's page, and letters are on their way."))
            return redirect("admin:campaign-news", campaign_id)
        except Invalid as refused:
            for each in refused.fields:
                form.add_error(each.field if each.field in form.fields else None, each.detail)
    shown, following = campaigns.list_updates(
        campaign_id=campaign_id, viewer=actor(request), cursor=request.GET.get("cursor") or None
    )
    context = {
        "title": _("News"),
        "campaign": campaign,
        "form": form,
        "news": shown,
        "more": f"?cursor={following}" if following else "",
    }
    return page(request, "panel/news/index.html", context, 422 if form.is_bound else 200)


@require_POST
def removal(request: HttpRequest, campaign_id: UUID, update_id: UUID) -> HttpResponse:
    managed(request, campaign_id, campaigns.EDIT)
    try:
        campaigns.remove_update(campaign_id=campaign_id, update_id=update_id, by=actor(request))
        messages.success(request, _("The news was taken off the page."))
    except UpdateNotFound as refused:
        messages.error(request, refused.detail)
    return redirect("admin:campaign-news", campaign_id)
