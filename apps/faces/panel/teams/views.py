"""A campaign's team: who is in it, who was invited, and with which role. Rules are those of campaigns."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.campaigns.errors import CampaignNotFound
from apps.platform.errors import Forbidden, Refused

from ..access import actor, page
from ..campaigns.managed import managed
from ..words import TEAM_ROLES


class InviteForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[(role, TEAM_ROLES[role][0]) for role in campaigns.ROLES]
    )


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """The team, and an invitation for one more."""
    campaign = managed(request, campaign_id)
    may_lead = campaigns.may_manage(campaign, actor(request), campaigns.TEAM)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not may_lead:
        raise Forbidden(_("Only the campaign's owner and staff do this."))
    if form.is_valid():
        try:
            campaigns.invite_member(campaign_id=campaign_id, by=actor(request), **form.cleaned_data)
            messages.success(request, _("The invitation is on its way. It stands for a week."))
            return redirect("admin:campaign-team", campaign_id)
        except Refused as refused:
            form.add_error("email", refused.fields[0].detail if refused.fields else refused.detail)
    members = campaigns.list_team(campaign_id=campaign_id)
    people = accounts.get_users(user_ids=[campaign.manager_id, *(each.user_id for each in members)])
    context = {
        "title": _("Team"),
        "campaign": campaign,
        "owner": people.get(campaign.manager_id),
        "members": [(each, people[each.user_id], *TEAM_ROLES[each.role]) for each in members if each.user_id in people],
        "invitations": [
            (each, TEAM_ROLES[each.role][0]) for each in campaigns.open_invitations(campaign_id=campaign_id)
        ]
        if may_lead
        else [],
        "roles": [(role, words, explain) for role, (words, explain) in TEAM_ROLES.items()],
        "form": form,
        "may_lead": may_lead,
        "me": actor(request).user_id,
    }
    return page(request, "panel/teams/team.html", context, 422 if form.is_bound else 200)


@require_POST
def member(request: HttpRequest, campaign_id: UUID, user_id: UUID) -> HttpResponse:
    """Change a role, or take somebody out; people may leave by themselves."""
    managed(request, campaign_id)
    if request.POST.get("wish") == "remove":
        effect = partial(campaigns.remove_member, campaign_id=campaign_id, user_id=user_id, by=actor(request))
        _do(request, effect, _("No longer in the team."))
        if user_id == actor(request).user_id:
            return redirect("admin:campaigns")
    else:
        role = request.POST.get("role", "")
        effect = partial(campaigns.change_role, campaign_id=campaign_id, user_id=user_id, role=role, by=actor(request))
        _do(request, effect, _("The role was changed."))
    return redirect("admin:campaign-team", campaign_id)


@require_POST
def withdrawal(request: HttpRequest, campaign_id: UUID, invitation_id: UUID) -> HttpResponse:
    managed(request, campaign_id)
    effect = partial(campaigns.withdraw_invitation, invitation_id=invitation_id, by=actor(request))
    _do(request, effect, _("The invitation was withdrawn."))
    return redirect("admin:campaign-team", campaign_id)


def _do(request: HttpRequest, effect: Any, done: str) -> None:
    try:
        effect()
        messages.success(request, done)
    except (Forbidden, CampaignNotFound):
        raise
    except Refused as refused:
        messages.error(request, refused.fields[0].detail if refused.fields else refused.detail)
