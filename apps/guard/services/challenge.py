"""Proofs of work: made, checked and spent here, without a third party. A solved one is good for one gift."""

from __future__ import annotations

import hmac
import time
from typing import Any
from uuid import UUID

import altcha
from django.conf import settings

from apps.platform import clock, db

from ..data import Challenge

ALGORITHM, GOOD_FOR_SECONDS, LONGEST = "PBKDF2/SHA-256", 900, 4_000


def new_challenge(*, campaign_id: UUID) -> Challenge:
    """Some seconds of work for a phone, for one gift to this campaign, in the next quarter of an hour."""
    made = altcha.create_challenge(
        ALGORITHM,
        settings.GUARD["WORK"],
        expires_at=int(time.time()) + GOOD_FOR_SECONDS,
        data={"campaign": str(campaign_id)},
        hmac_secret=_secrets()[0],
    )
    assert made.signature
    return Challenge(made.parameters.to_dict(), made.signature)


def redeem(*, solution: str, campaign_id: UUID) -> bool:
    """Whether this is a solution of ours for this campaign that was not used before; it is used now."""
    if not 0 < len(solution) <= LONGEST:
        return False
    try:
        payload = altcha.Payload.from_base64(solution)
        if (payload.challenge.parameters.data or {}).get("campaign") != str(campaign_id):
            return False
        if not any(altcha.verify_solution(payload, secret).verified for secret in _secrets()):
            return False
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return False
    return _spend(str(payload.challenge.signature))


def _spend(signature: str) -> bool:
    return bool(
        db.execute(
            "INSERT INTO guard_redeemed (signature, at) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [signature, clock.now()],
        )
    )


def _secrets() -> list[Any]:
    """Of the key of now, and of those before it."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [hmac.digest(key.encode(), b"guard:challenge", "sha256") for key in keys]
