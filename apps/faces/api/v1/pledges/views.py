"""Pledges over HTTP: plain views, since the way of a gift begins here and every layer would be paid by every donor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.accounts import interface as accounts
from apps.accounts.errors import SecondFactorMissing
from apps.campaigns import interface as campaigns
from apps.faces.shared import idempotency
from apps.faces.shared.auth import actor_from_header
from apps.faces.shared.jsonio import decode, dumps, json_response, read_body
from apps.faces.shared.languages import preferred_language
from apps.faces.shared.limits import Limit, client_address
from apps.faces.shared.methods import by_method
from apps.faces.shared.pagination import page_arguments, page_body
from apps.guard import interface as guard
from apps.payments import interface as payments
from apps.platform.actors import Actor
from apps.platform.errors import Invalid, NotSignedIn
from apps.pledges import interface as pledge_context

from . import bodies

GIFTS = Limit(burst=120, per_second=2.0)
REPLAYED = {"Idempotent-Replayed": "true"}


def create(request: HttpRequest) -> HttpResponse:
    caller = actor_from_header(request)
    GIFTS.take(client_address(request))
    scope, key = idempotency.caller_scope(caller), idempotency.read_key(request)
    body = read_body(request)
    wish = decode(body, bodies.PledgeBody)
    fingerprint = idempotency.fingerprint("POST", request.path, body)
    attempt = guard.Attempt(
        campaign_id=wish.campaign,
        address=client_address(request),
        email=(wish.donor and wish.donor.email) or "",
    )
    language = preferred_language(request)
    new = wish.to_new_pledge(caller, scope=scope, key=key, fingerprint=fingerprint, language=language)
    solution = request.META.get("HTTP_X_CHALLENGE_SOLUTION", "")
    guard.admit(attempt=attempt, caller=caller, wish=new, solution=solution)
    made = pledge_context.make_pledge(new=new)
    guard.note(attempt=attempt, pledge_id=made.pledge_id, caller=caller)
    return json_response(bodies.made_body(made), status=201, headers=REPLAYED if made.is_replay else None)


def index(request: HttpRequest) -> HttpResponse:
    caller = _signed_in(request)
    cursor, page_size = page_arguments(request)
    campaign_id = _campaign_filter(request)
    page = pledge_context.list_pledges(viewer=caller, campaign_id=campaign_id, cursor=cursor, page_size=page_size)
    known = payments.payments_of(references=[each.id for each in page.results]) if campaign_id else None
    results = [bodies.pledge_body(each, None if known is None else known.get(each.id, [])) for each in page.results]
    return json_response(page_body(request, results, page.next_cursor, page.previous_cursor))


def show(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    caller = actor_from_header(request)
    return json_response(_shown(pledge_context.get_pledge(pledge_id=pledge_id, viewer=caller), caller))


def ask_capture(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    caller, body = _trusted(request), read_body(request)

    def ask() -> dict[str, Any]:
        return _shown(pledge_context.capture_pledge(pledge_id=pledge_id, by=caller), caller)

    return _once(request, caller, body, 202, ask)


def ask_cancellation(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    caller, body = _signed_in(request), read_body(request)

    def ask() -> dict[str, Any]:
        return _shown(pledge_context.cancel_pledge(pledge_id=pledge_id, by=caller), caller)

    return _once(request, caller, body, 202, ask)


def give_back(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    caller, body = _trusted(request), read_body(request)
    wish = decode(body, bodies.RefundBody)

    def refund() -> dict[str, Any]:
        made = pledge_context.refund_pledge(pledge_id=pledge_id, by=caller, amount=wish.amount, reason=wish.reason)
        return bodies.refund_body(made)

    return _once(request, caller, body, 201, refund)


def follow(request: HttpRequest, tracking_token: str) -> HttpResponse:
    gift = pledge_context.follow_gift(tracking_token=tracking_token)
    response = json_response(bodies.gift_body(gift, tracking_token))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def donations(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    cursor, page_size = page_arguments(request)
    campaign = campaigns.get_campaign(campaign_id=campaign_id, viewer=actor_from_header(request))
    page = pledge_context.donor_wall(campaign_id=campaign.id, cursor=cursor, page_size=page_size)
    results = [bodies.wall_body(each) for each in page.results]
    return json_response(page_body(request, results, page.next_cursor, page.previous_cursor))


pledges = by_method(get=index, post=create)
pledge = by_method(get=show)
capture = by_method(post=ask_capture)
cancellation = by_method(post=ask_cancellation)
refunds = by_method(post=give_back)
donation = by_method(get=follow)
wall = by_method(get=donations)


def _signed_in(request: HttpRequest) -> Actor:
    caller = actor_from_header(request)
    if caller.is_anonymous:
        raise NotSignedIn
    return caller


def _trusted(request: HttpRequest) -> Actor:
    """Somebody signed in who has a second factor, where the installation requires one: tokens of such accounts were given for
    a code beside the password."""
    caller = _signed_in(request)
    if settings.SECOND_FACTOR_REQUIRED and caller.user_id and not accounts.has_second_factor(user_id=caller.user_id):
        raise SecondFactorMissing
    return caller


def _campaign_filter(request: HttpRequest) -> UUID | None:
    given = request.GET.get("campaign")
    if given is None:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise Invalid.field("campaign", "invalid", "Use the id of a campaign.") from None


def _shown(pledge: pledge_context.Pledge, caller: Actor) -> dict[str, Any]:
    """The pledge as this caller may see it: those who manage it see its payments as well."""
    if not pledge_context.manages(campaign_id=pledge.campaign_id, actor=caller):
        return bodies.pledge_body(pledge)
    return bodies.pledge_body(pledge, payments.payments_of(references=[pledge.id]).get(pledge.id, []))


def _once(
    request: HttpRequest, caller: Actor, body: bytes, status: int, effect: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """Run the effect once per idempotency key and answer as the first time."""
    answer, kept, is_replay = pledge_context.run_idempotently(
        caller_scope=idempotency.caller_scope(caller),
        key=idempotency.read_key(request),
        fingerprint=idempotency.fingerprint("POST", request.path, body),
        effect=lambda: (status, msgspec.json.decode(dumps(effect()))),
    )
    return json_response(kept, status=answer, headers=REPLAYED if is_replay else None)
