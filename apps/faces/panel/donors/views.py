"""Donors of the campaigns in view, and what each of them gave."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from apps.campaigns import interface as campaigns
from apps.platform.errors import Invalid, NotFound
from apps.reporting import interface as reporting

from ..access import actor, page
from ..pages import asked_of, links_of


class FilterForm(forms.Form):
    search = forms.CharField(label=gettext_lazy("Name or e-mail address"), required=False, max_length=100)
    campaign = forms.ChoiceField(label=gettext_lazy("Campaign"), required=False)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    viewer, refusal = actor(request), ""
    form = FilterForm(request.GET or {})
    of: Any = form.fields["campaign"]
    of.choices = [
        ("", _("All")),
        *((str(each), title) for each, title in campaigns.managed_titles(viewer=viewer).items()),
    ]
    form.is_valid()
    campaign_id = UUID(form.cleaned_data["campaign"]) if form.cleaned_data.get("campaign") else None
    search = form.cleaned_data.get("search") or ""
    try:
        found = reporting.list_donors(
            viewer=viewer, campaign_id=campaign_id, search=search, cursor=request.GET.get("cursor") or None
        )
    except Invalid as refused:
        refusal, found = refused.fields[0].detail, reporting.Page.empty()
    asked = asked_of(request)
    context = {
        "title": _("Donors"),
        "form": form,
        "page": found,
        "refusal": refusal,
        "is_filtered": bool(asked),
        "links": links_of(found, asked),
        "first": "?" + urlencode(asked),
    }
    return page(request, "panel/donors/index.html", context, 422 if refusal else 200)


@require_safe
def show(request: HttpRequest, donor_key: str) -> HttpResponse:
    viewer = actor(request)
    sums = reporting.donor_sums(viewer=viewer, donor_key=donor_key)
    if not sums:
        raise NotFound(_("There is no such donor among your campaigns."))
    wanted = reporting.GiftFilter(donor_key=donor_key)
    found = reporting.list_gifts(viewer=viewer, wanted=wanted, cursor=request.GET.get("cursor") or None)
    context = {
        "title": sums[0].donor_name or _("Without a name"),
        "donor": sums[0],
        "sums": sums,
        "page": found,
        "links": links_of(found, {}),
        "first": "?",
    }
    return page(request, "panel/donors/show.html", context)
