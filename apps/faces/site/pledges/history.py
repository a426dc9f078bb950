"""A donor's own page: what was given, when, and where each gift is now."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.faces.shared.auth import actor_of_page
from apps.faces.site.errors import page
from apps.pledges import interface as pledges
from apps.recurring import interface as recurring

PAGE_SIZE = 20


@require_safe
@never_cache
@login_required
@page
def account(request: HttpRequest) -> HttpResponse:
    viewer = actor_of_page(request)
    assert viewer.user_id, "only for people who are signed in"
    found = pledges.list_pledges(viewer=viewer, cursor=request.GET.get("cursor"), page_size=PAGE_SIZE)
    context = {
        "gifts": [(gift, pledges.tracking_token(pledge_id=gift.id)) for gift in found.results],
        "plans": () if request.GET.get("cursor") else recurring.plans_of_donor(donor_id=viewer.user_id),
        "years": pledges.years_of_donor(donor_id=viewer.user_id),
        "statements": pledges.statement_years(donor_id=viewer.user_id),
        "more": f"?cursor={found.next_cursor}" if found.next_cursor else "",
        "is_private": True,
    }
    return render(request, "site/pledges/history.html", context)
