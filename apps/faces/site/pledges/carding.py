"""What the checkout tells the carding guard, and what it shows when the guard asks for more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from apps.faces.shared.limits import client_address
from apps.guard import interface as guard

from .forms import GiveForm


def attempt_with(request: HttpRequest, form: GiveForm) -> guard.Attempt:
    """The valid form as an attempt. The CSRF cookie tells browsers apart; there is no cookie for it alone."""
    given = form.cleaned_data
    signs = guard.read_form_token(token=given["shown"], campaign_id=form.campaign.id)
    return guard.Attempt(
        campaign_id=form.campaign.id,
        address=client_address(request),
        email=given["email"],
        device=request.META.get("CSRF_COOKIE", ""),
        signs=signs | ({guard.Sign.TRAPPED} if given["website"] else frozenset()),
    )


def asked(campaign_id: UUID, challenge: dict[str, Any] | None) -> dict[str, Any]:
    """Context for the form: its token, and the proof of work where one is due, of this sender or of everyone."""
    must_wait = challenge is not None
    if challenge is None and guard.is_asking(campaign_id=campaign_id):
        challenge = guard.new_challenge(campaign_id=campaign_id).as_json()
    shown = guard.new_form_token(campaign_id=campaign_id, must_wait=must_wait)
    return {"shown": shown, "challenge": challenge, "must_wait": must_wait}
