"""Large refunds that wait for a second person. Who may decide is said by pledges."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import interface as accounts
from apps.platform.errors import Refused
from apps.pledges import interface as pledges

from ..access import actor, page


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        choices=[("approve", gettext_lazy("Approve: the money goes back")), ("decline", gettext_lazy("Decline"))]
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
    )


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    found = pledges.awaiting_refunds(viewer=actor(request))
    names = accounts.get_users(user_ids=[each.requested_by_id for each in found if each.requested_by_id])
    context = {
        "title": _("Refunds to approve"),
        "refunds": [
            (each, names[each.requested_by_id].name if each.requested_by_id in names else "") for each in found
        ],
    }
    return page(request, "panel/refunds/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    viewer = actor(request)
    found = pledges.awaiting_refund(refund_id=refund_id, viewer=viewer)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        is_yes = form.cleaned_data["decision"] == "approve"
        service = pledges.approve_refund if is_yes else pledges.decline_refund
        done = (
            _("Approved. The provider is asked to give the money back.") if is_yes else _("Declined. The gift stays.")
        )
        try:
            partial(service, refund_id=refund_id, by=viewer, note=form.cleaned_data["note"])()
            messages.success(request, done)
        except Refused as refused:
            messages.error(request, refused.fields[0].detail if refused.fields else refused.detail)
        return redirect("admin:gift", found.pledge_id)
    names = accounts.get_users(user_ids=[found.requested_by_id] if found.requested_by_id else [])
    context = {
        "title": _("Refund to approve"),
        "refund": found,
        "asked_by": names[found.requested_by_id].name if found.requested_by_id in names else "",
        "form": form,
        "is_own": found.requested_by_id == viewer.user_id,
    }
    return page(request, "panel/refunds/decision.html", context, 422 if form.is_bound else 200)
