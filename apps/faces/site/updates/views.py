"""A campaign's news as a list and as an Atom feed, and following it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns import interface as campaigns
from apps.faces.shared.auth import actor_of_page
from apps.faces.shared.limits import Limit, client_address
from apps.faces.site.errors import page
from apps.platform.actors import ANONYMOUS
from apps.platform.errors import Invalid

PER_CALLER = Limit(burst=20, per_second=1 / 30)
PER_ADDRESS = Limit(burst=5, per_second=1 / 600)
IN_FEED = 30


class FollowForm(forms.Form):
    email = forms.EmailField(max_length=254)


@require_safe
@page
def index(request: HttpRequest, slug: str) -> HttpResponse:
    viewer = actor_of_page(request)
    campaign = campaigns.get_campaign(slug=slug, viewer=viewer)
    shown, following = campaigns.list_updates(
        campaign_id=campaign.id, viewer=viewer, cursor=request.GET.get("cursor") or None, page_size=10
    )
    context: dict[str, Any] = {
        "campaign": campaign,
        "updates": shown,
        "next_cursor": following,
        "form": FollowForm(),
        "may_write": campaigns.may_manage(campaign, viewer),
        "is_following": campaigns.is_following(campaign_id=campaign.id, by=viewer),
    }
    return render(request, "site/updates/index.html", context)


@require_safe
@page
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Atom, for everyone: the newest thirty, what is public only."""
    campaign = campaigns.get_campaign(slug=slug, viewer=ANONYMOUS)
    shown, _following = campaigns.list_updates(campaign_id=campaign.id, viewer=ANONYMOUS, page_size=IN_FEED)
    link = settings.PUBLIC_URL + reverse("site:campaign", args=[slug])
    atom = Atom1Feed(
        title=campaign.title,
        link=link,
        description=campaign.summary,
        feed_url=settings.PUBLIC_URL + request.path,
        author_name=campaign.organizer_name,
        feed_guid=f"urn:uuid:{campaign.id}",
    )
    for update in shown:
        atom.add_item(
            title=update.title,
            link=f"{settings.PUBLIC_URL}{reverse('site:updates', args=[slug])}#update-{update.id}",
            description=update.body_html,
            unique_id=f"urn:uuid:{update.id}",
            pubdate=update.published_at,
            updateddate=update.edited_at or update.published_at,
        )
    response = HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@require_POST
@page
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Signed in: at once. By e-mail: the address's owner is asked first, and the answer is alike for every address."""
    viewer = actor_of_page(request)
    campaign = campaigns.get_campaign(slug=slug, viewer=viewer)
    if viewer.user_id:
        if request.POST.get("stop"):
            campaigns.unfollow(campaign_id=campaign.id, by=viewer)
            messages.success(request, _("You do not follow this campaign any more."))
        else:
            campaigns.follow(campaign_id=campaign.id, by=viewer)
            messages.success(request, _("You follow this campaign now."))
        return redirect("site:updates", slug)
    form = FollowForm(request.POST)
    if form.is_valid():
        PER_CALLER.take(client_address(request))
        PER_ADDRESS.take(form.cleaned_data["email"].lower())
        try:
            campaigns.follow_by_email(
                campaign_id=campaign.id,
                email=form.cleaned_data["email"],
                viewer=viewer,
                language=get_language() or "",
            )
            messages.success(request, _("Look into your mailbox: a link there confirms that you want the news."))
            return redirect("site:updates", slug)
        except Invalid as refused:
            form.add_error("email", refused.fields[0].detail)
    shown, following = campaigns.list_updates(campaign_id=campaign.id, viewer=viewer, page_size=10)
    context = {"campaign": campaign, "updates": shown, "next_cursor": following, "form": form}
    return render(request, "site/updates/index.html", context, status=422)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Scanners of mail open links; a button confirms."""
    if request.method == "POST":
        campaign_id = campaigns.confirm_follow(token=token)
        campaign = campaigns.get_campaigns(campaign_ids=[campaign_id])[campaign_id]
        messages.success(request, _("You follow this campaign now."))
        return redirect("site:updates", campaign.slug)
    response = render(request, "site/updates/confirm.html")
    response.headers["Referrer-Policy"] = "same-origin"
    return response
