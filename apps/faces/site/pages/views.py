"""Pages that explain: how it works, the open books, privacy, and the parts the site is made of."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.campaigns import interface as campaigns
from apps.faces.site.campaigns import figures
from apps.faces.site.campaigns.cards import card_of
from apps.platform.actors import ANONYMOUS

from .plot import plots


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "site/pages/about.html")


@require_safe
def transparency(request: HttpRequest) -> HttpResponse:
    """The public numbers of the whole platform, from the read models."""
    context = {
        "books": figures.books(),
        "plots": plots(),
        "gifts": figures.gifts(),
        "campaigns": sum(each.campaigns for each in figures.public_sums()),
        "reached": sum(each.reached for each in figures.public_sums()),
    }
    return render(request, "site/pages/transparency.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "site/pages/privacy.html")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part of the design system in its states; for those who build, so not on a charity's installation."""
    if not (settings.DEBUG or settings.DEMO_MODE):
        raise Http404
    found = campaigns.list_campaigns(viewer=ANONYMOUS, status="active", page_size=2)
    return render(request, "site/pages/styleguide.html", {"cards": [card_of(each) for each in found.results]})
