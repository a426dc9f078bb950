from __future__ import annotations

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.faces.shared.auth import actor_of_page
from apps.faces.shared.limits import Limit, client_address
from apps.faces.site.campaigns.cards import card_of
from apps.faces.site.campaigns.sharing import share_of
from apps.faces.site.errors import page
from apps.guard import interface as guard
from apps.platform.errors import Invalid
from apps.pledges import interface as pledges
from apps.pledges.errors import IdempotencyKeyReused
from apps.recurring import interface as recurring

from . import at_bank, carding
from .forms import GiveForm
from .twice import given_before, remember
from .way import outlook_of, steps_of

GIFTS = Limit(burst=60, per_second=1.0)
DEDICATION_FIELDS = {
    "dedication.kind": "dedication",
    "dedication.message": "recipient_message",
    **{f"dedication.{name}": name for name in ("honoree", "recipient_name", "recipient_email", "send_on")},
}
TOLD = Limit(burst=5, per_second=1 / 3600)
FINAL = frozenset({"captured", "failed", "refunded", "partially_refunded"})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def give(request: HttpRequest, slug: str) -> HttpResponse:
    """The checkout. The form's token is the gift's idempotency key: twice sent is once given."""
    actor = actor_of_page(request)
    campaign = campaigns.get_campaign(slug=slug, viewer=actor)
    if campaign.status != "active":
        return render(request, "site/pledges/closed.html", {"card": card_of(campaign)}, status=409)
    user = accounts.get_user(user_id=actor.user_id) if actor.user_id else None
    form = GiveForm(request.POST or None, campaign=campaign, person=(user.name, user.email) if user else None)
    challenge = again = None
    if request.method == "POST":
        GIFTS.take(client_address(request))
        if form.is_valid() and "again" not in request.POST:
            amount, token = form.total, form.cleaned_data["token"]
            again = given_before(request, campaign_id=campaign.id, amount=amount, form=token)
        if form.is_valid() and not again:
            attempt = carding.attempt_with(request, form)
            try:
                new = form.to_new_pledge(actor)
                if new.dedication and new.dedication.recipient_email:
                    TOLD.take(client_address(request))
                guard.admit(attempt=attempt, caller=actor, wish=new, solution=form.cleaned_data["solution"])
                made = recurring.start_plan(new=new) if form.is_monthly else pledges.make_pledge(new=new)
                guard.note(attempt=attempt, pledge_id=made.pledge_id, caller=actor)
                response = redirect(at_bank.page_of(made.pledge_id, campaign.organizer_name) or made_url(made))
                remember(response, made, form=form.cleaned_data["token"])
                return response
            except Invalid as refused:
                for each in refused.fields:
                    name = each.field.removeprefix("donor.").removeprefix("payment.")
                    name = DEDICATION_FIELDS.get(name, name)
                    form.add_error(name if name in form.fields else None, each.detail)
            except guard.ChallengeRequired as refused:
                challenge = refused.extra["challenge"]
            except IdempotencyKeyReused:
                form.add_error(None, _("A gift was sent with this form before. Give again to send a second gift."))
                form.renew_token()
        elif "token" in form.errors:
            del form.errors["token"]
            form.add_error(None, _("This form was incomplete. Nothing was given; please send it again."))
            form.renew_token()
    status = 422 if request.method == "POST" else 200
    context = {
        "form": form,
        "campaign": campaign,
        "card": card_of(campaign),
        "again": again,
        "today": recurring.today(),
        "notice_days": recurring.NOTICE_DAYS,
        "is_private": True,
    }
    shown = render(request, "site/pledges/give.html", context | carding.asked(campaign.id, challenge), status=status)
    return at_bank.allow(shown)


def made_url(made: pledges.MadePledge) -> str:
    return reverse("site:donation", args=[made.tracking_token])


@require_safe
@page
def returned(request: HttpRequest, token: str) -> HttpResponse:
    """Back from the bank's page. Whatever was answered there, the gift's page says what is known: the bank's webhooks tell."""
    return redirect("site:donation", pledges.returned_to(token=token))


@require_safe
@page
def track(request: HttpRequest, token: str) -> HttpResponse:
    """A gift's page for whoever holds its link; it refreshes itself until the gift is settled."""
    gift = pledges.follow_gift(tracking_token=token)
    campaign = campaigns.get_campaigns(campaign_ids=[gift.campaign_id])[gift.campaign_id]
    address = settings.PUBLIC_URL + reverse("site:donation", args=[token])
    context = {
        "gift": gift,
        "campaign": campaign,
        "token": token,
        "plan": recurring.plans_of_gifts(pledge_ids=[gift.pledge_id]).get(gift.pledge_id),
        "steps": steps_of(gift),
        "outlook": outlook_of(gift, campaign.organizer_name),
        "is_settled": gift.status in FINAL and bool(gift.receipt_number or gift.status == "failed"),
        "address": address,
        "bank_page": at_bank.page_of(gift.pledge_id, campaign.organizer_name) if gift.status == "pending" else None,
        "qr": segno.make(address, error="m").svg_data_uri(border=0, dark="#1d1e4e"),
        "share": share_of(card_of(campaign)) if campaign.status == "active" else None,
        "is_private": True,
    }
    response = render(request, "site/pledges/track.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
