"""All gifts of an address, for guests: the address alone reveals nothing, a link that is mailed to it does."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.faces.shared.limits import Limit, client_address
from apps.faces.site.errors import page
from apps.platform.errors import Invalid
from apps.pledges import interface as pledges
from apps.recurring import interface as recurring

from .proof import keep, proven_address

PER_CALLER = Limit(burst=20, per_second=1 / 30)
PER_ADDRESS = Limit(burst=3, per_second=1 / 600)


class AskForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page
def ask(request: HttpRequest) -> HttpResponse:
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        PER_CALLER.take(client_address(request))
        PER_ADDRESS.take(form.cleaned_data["email"].lower())
        try:
            pledges.request_history(email=form.cleaned_data["email"], language=get_language() or "")
            return redirect("site:history-sent")
        except Invalid as refused:
            form.add_error("email", refused.fields[0].detail)
    return render(request, "site/history/ask.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "site/history/sent.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link works once, and scanners of mail open links: looking costs nothing, the button spends it."""
    if request.method != "POST":
        response = render(request, "site/history/open.html")
        response.headers["Referrer-Policy"] = "same-origin"
        return response
    keep(request, pledges.open_history(token=token))
    return redirect("site:history")


@never_cache
@require_safe
@page
def show(request: HttpRequest) -> HttpResponse:
    if not (key := proven_address(request)):
        return redirect("site:history-ask")
    gifts = pledges.gifts_of_address(donor_key=key, cursor=request.GET.get("cursor") or None, page_size=30)
    context = {
        "gifts": gifts.results,
        "next_cursor": gifts.next_cursor,
        "plans": () if request.GET.get("cursor") else recurring.plans_of_address(donor_key=key),
        "statements": pledges.statement_years(donor_key=key),
        "is_private": True,
    }
    return render(request, "site/history/show.html", context)
