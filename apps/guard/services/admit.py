"""Whether a gift may be tried at all: before a payment exists, so that a tester of stolen cards learns nothing."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from apps.platform import clock
from apps.platform.actors import Actor
from apps.pledges import interface as pledges

from ..data import Attempt, Sign
from ..errors import ChallengeRequired, TooManyDeclines
from ..queries.heat import ADDRESS, CAMPAIGN, DEVICE, SITE
from .challenge import new_challenge, redeem
from .keys import address_key, key_of
from .velocity import Velocity
from .watch import watch

ENOUGH = 2
WEIGHT = {Sign.QUICK: 1, Sign.TRAPPED: 2, Sign.FORMLESS: 2, Sign.WAITED: 0}
PER_ADDRESS, PER_EMAIL, PER_PATIENT = Velocity(60), Velocity(20), Velocity(5)


def admit(*, attempt: Attempt, caller: Actor, wish: pledges.NewPledge | None = None, solution: str = "") -> None:
    """Let the attempt through, or raise ChallengeRequired or TooManyDeclines. Nothing is written on the way through.

    API keys, managers and staff pass, and so do signed-in donors of an earlier gift unless declines pile up at their
    address. A `wish` that was taken before passes, too: it makes no payment, and its donor only wants to hear the answer
    again. `solution` is the answer to an earlier challenge.
    """
    if not settings.GUARD["ON"] or caller.api_key_id or caller.is_manager or caller.is_staff:
        return
    try:
        _judge(attempt, caller, solution)
    except (ChallengeRequired, TooManyDeclines):
        if wish is None or not pledges.was_taken(new=wish):
            raise


def note(*, attempt: Attempt, pledge_id: UUID, caller: Actor) -> None:
    """Remember where the pledge came from, soon; its decline will count against that. Costs the caller an append."""
    if settings.GUARD["ON"] and not caller.api_key_id:
        where = (address_key(attempt.address), _device_key(attempt), attempt.campaign_id)
        watch.note((pledge_id, clock.now(), *where))


def is_asking(*, campaign_id: UUID) -> bool:
    """Whether everyone is asked for a proof of work on this campaign now; a form then brings one along."""
    return bool(settings.GUARD["ON"] and watch.look().broken & {(CAMPAIGN, str(campaign_id)), (SITE, "")})


def _judge(attempt: Attempt, caller: Actor, solution: str) -> None:
    heat = watch.look()
    origins = {(ADDRESS, address_key(attempt.address)), (DEVICE, _device_key(attempt))}
    if origins & heat.hot:
        raise TooManyDeclines
    is_warm = bool(origins & heat.warm)
    if _suspicion(attempt, is_warm, bool(heat.broken & _scopes(attempt))) < ENOUGH:
        return
    if caller.user_id and pledges.has_given(donor_id=caller.user_id):
        return
    if solution and redeem(solution=solution, campaign_id=attempt.campaign_id):
        return
    if Sign.WAITED in attempt.signs and not is_warm and not PER_PATIENT.exceeds(attempt.address):
        return
    raise ChallengeRequired(new_challenge(campaign_id=attempt.campaign_id).as_json())


def _suspicion(attempt: Attempt, is_warm: bool, is_broken: bool) -> int:
    often = PER_ADDRESS.exceeds(attempt.address) | (bool(attempt.email) and PER_EMAIL.exceeds(attempt.email))
    told = sum(WEIGHT[sign] for sign in attempt.signs)
    # Many gifts from one place alone are no sin: a school gives behind one address.
    return told + (often and bool(attempt.signs)) + ENOUGH * (is_warm or is_broken)


def _scopes(attempt: Attempt) -> set[tuple[str, str]]:
    return {(CAMPAIGN, str(attempt.campaign_id)), (SITE, "")}


def _device_key(attempt: Attempt) -> str:
    return key_of("device", attempt.device) if attempt.device else ""
