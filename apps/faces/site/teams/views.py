"""An invitation into a campaign's team, as its letter's link shows it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.campaigns.errors import AlreadyInTeam, InvitationForAnother
from apps.faces.shared.auth import actor_of_page
from apps.faces.site.errors import page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Says what is offered; accepting needs the account with the invited address. Opening the link alone changes nothing."""
    offer = campaigns.read_invitation(token=token)
    viewer = actor_of_page(request)
    if request.method == "POST" and viewer.user_id:
        try:
            campaign_id = campaigns.accept_invitation(token=token, by=viewer)
            messages.success(request, _("Welcome to the team."))
            return redirect("admin:campaign", campaign_id)
        except (AlreadyInTeam, InvitationForAnother) as refused:
            messages.error(request, refused.detail)
    people = accounts.get_users(user_ids=[each for each in (offer.invited_by_id, viewer.user_id) if each])
    me = people.get(viewer.user_id) if viewer.user_id else None
    here = urlencode({"next": request.path})
    context = {
        "campaign": campaigns.get_campaigns(campaign_ids=[offer.campaign_id])[offer.campaign_id],
        "role": offer.role,
        "inviter": people[offer.invited_by_id].name if offer.invited_by_id in people else "",
        "is_signed_in": me is not None,
        "is_right_account": me is not None and me.email == offer.email,
        "sign_in_url": f"{reverse('site:sign-in')}?{here}",
        "sign_up_url": f"{reverse('site:sign-up')}?{here}",
    }
    return render(request, "site/teams/invitation.html", context)
