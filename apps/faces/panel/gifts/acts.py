"""Small things that are done to one gift: a note, the mark of a test, its receipt once more, a look into the provider's books."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.faces.shared.amounts import money
from apps.payments import interface as payments
from apps.pledges import interface as pledges

from ..access import actor, page
from . import forms
from .views import managed, once


@require_POST
def note(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """Kept with the gift for good; a note that is sent twice is one."""
    managed(request, pledge_id)
    form = forms.NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write something first, at most 1,000 characters."))
        return redirect("admin:gift", pledge_id)
    effect = partial(pledges.add_note, pledge_id=pledge_id, by=actor(request), body=form.cleaned_data["body"])
    return once(request, pledge_id, form, effect, _("The note was added."))


@require_POST
def receipt(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """The donor gets the receipt by mail once more."""
    managed(request, pledge_id)
    form = forms.TokenForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This form was incomplete. Nothing was done; please send it again."))
        return redirect("admin:gift", pledge_id)
    effect = partial(pledges.resend_receipt, pledge_id=pledge_id, by=actor(request))
    return once(request, pledge_id, form, effect, _("The receipt is on its way to the donor once more."))


@require_POST
def test_mark(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """Say that this gift was made to try something out, or take that back."""
    managed(request, pledge_id)
    is_test = request.POST.get("wish") == "mark"
    pledges.mark_as_test(pledge_id=pledge_id, by=actor(request), is_test=is_test)
    messages.success(request, _("The gift is marked as a test.") if is_test else _("The gift is no test any more."))
    return redirect("admin:gift", pledge_id)


@require_safe
def books(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """What the provider's books say now, beside what ours say."""
    pledge = managed(request, pledge_id)
    context = {
        "title": _("In the provider's books"),
        "pledge": pledge,
        "amount": money(pledge.amount, pledge.currency),
        "books": payments.look_up(reference=pledge_id),
    }
    return page(request, "panel/gifts/books.html", context)
