"""What a checkout form carries to show that it is ours, when it was shown, and whether its reader was asked to wait."""

from __future__ import annotations

from uuid import UUID

from django.core import signing

from apps.platform import clock

from ..data import Sign

SALT = "guard.form"
READING_SECONDS, WAITING_SECONDS, GOOD_FOR_SECONDS = 2, 20, 24 * 3600


def new_form_token(*, campaign_id: UUID, must_wait: bool = False) -> str:
    """To be sent back with the form. With `must_wait`, sending it after WAITING_SECONDS counts as patience."""
    return signing.dumps([campaign_id.hex, int(clock.now().timestamp()), int(must_wait)], salt=SALT, compress=False)


def read_form_token(*, token: str, campaign_id: UUID) -> frozenset[Sign]:
    """What the token tells: nothing for an ordinary form."""
    try:
        campaign, shown_at, must_wait = signing.loads(token[:400], salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return frozenset({Sign.FORMLESS})
    age = clock.now().timestamp() - shown_at
    if campaign != campaign_id.hex or age > GOOD_FOR_SECONDS:
        return frozenset({Sign.FORMLESS})
    if must_wait and age >= WAITING_SECONDS:
        return frozenset({Sign.WAITED})
    return frozenset({Sign.QUICK}) if age < READING_SECONDS else frozenset()
