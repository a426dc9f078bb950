"""Filters that somebody keeps under a name, beside the list of gifts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.campaigns import interface as campaigns
from apps.platform.errors import Refused
from apps.reporting import interface as reporting

from ..access import actor
from . import forms


def links(request: HttpRequest) -> list[tuple[reporting.SavedFilter, str]]:
    """The viewer's own filters, each with the address of the list that it stands for."""
    found = reporting.list_filters(viewer=actor(request))
    return [(each, f"{reverse('admin:gifts')}?{urlencode(_query(each.wanted))}") for each in found]


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what the list is narrowed to now."""
    asked = QueryDict(request.POST.get("query", "")[:1000])
    form = forms.FilterForm(asked, own=campaigns.managed_titles(viewer=actor(request)))
    try:
        reporting.save_filter(by=actor(request), name=request.POST.get("name", ""), wanted=form.wanted())
        messages.success(request, _("The filter was kept."))
    except Refused as refused:
        messages.error(request, refused.fields[0].detail if refused.fields else refused.detail or refused.title)
    return redirect(f"{reverse('admin:gifts')}?{urlencode(_query(form.wanted()))}")


@require_POST
def remove(request: HttpRequest, filter_id: UUID) -> HttpResponse:
    reporting.remove_filter(filter_id=filter_id, by=actor(request))
    messages.success(request, _("The filter was removed."))
    return redirect("admin:gifts")


def _query(wanted: reporting.GiftFilter) -> dict[str, Any]:
    """What the form of the list would have sent for this filter."""
    told = {
        "search": wanted.search,
        "status": wanted.status,
        "campaign": str(wanted.campaign_id or ""),
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "",
        "test": {True: "only", False: "without", None: ""}[wanted.is_test],
    }
    return {name: value for name, value in told.items() if value}
