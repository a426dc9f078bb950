"""The second factor: a code of an authenticator app (RFC 6238), or one of ten recovery codes, beside the password.

Each code works once: the database holds the newest half minute that was used, one conditional UPDATE raises it, and whoever
comes second with the same code is refused.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

import pyotp
from django.conf import settings
from django.db import transaction

from apps.outbox import interface as outbox
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, TooManyRequests
from apps.platform.ids import new_id

from .. import data
from ..errors import InvalidSecondFactor, SecondFactorExists
from ..events import SecondFactorChanged
from ..models import RecoveryCode, SecondFactor, User
from .end_sessions import end_sessions
from .record_action import record_action
from .sealing import keyed_digest, seal, unseal

CODES = 10
STEP = 30
FREE_ATTEMPTS, FIRST_WAIT, LONGEST_WAIT = 5, timedelta(seconds=30), timedelta(hours=1)
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
# An attempt is paid before the code is looked at: parallel guesses wait for this row, and the sixth finds it blocked.
_PAY = """
    UPDATE accounts_secondfactor
    SET attempts = least(attempts + 1, 1000),
        blocked_until = CASE WHEN attempts + 1 >= %(free)s
            THEN %(now)s + least(%(first)s * power(2, least(attempts + 1 - %(free)s, 10)), %(longest)s) END
    WHERE user_id = %(user)s AND confirmed_at IS NOT NULL AND (blocked_until IS NULL OR blocked_until <= %(now)s)
"""


def begin_second_factor(*, user_id: UUID) -> data.Enrolment:
    """A new secret for an authenticator app, which counts once `confirm_second_factor` has seen a code of it.

    Replaces a secret that was never confirmed. Raises SecondFactorExists. Does not check who asks.
    """
    secret = pyotp.random_base32()
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=user_id)
        if SecondFactor.objects.filter(user_id=user_id).exclude(confirmed_at=None).exists():
            raise SecondFactorExists
        SecondFactor.objects.filter(user_id=user_id).delete()
        SecondFactor.objects.create(user_id=user_id, sealed=seal(secret))
    return _enrolment(secret, person.email)


def pending_second_factor(*, user_id: UUID) -> data.Enrolment | None:
    """The enrolment that waits for its first code, for showing it again; None without one."""
    waiting = SecondFactor.objects.filter(user_id=user_id, confirmed_at=None).select_related("user").first()
    secret = unseal(waiting.sealed) if waiting else None
    return _enrolment(secret, waiting.user.email) if waiting and secret else None


def confirm_second_factor(*, user_id: UUID, code: str) -> tuple[str, ...]:
    """Turn the second factor on with a first code of the app; returns the recovery codes, which are shown this once.

    Sessions and refresh tokens of before end: they were opened without it. Raises InvalidSecondFactor, also where nothing
    waits. Publishes SecondFactorChanged.
    """
    with transaction.atomic():
        waiting = SecondFactor.objects.select_for_update(no_key=True).filter(user_id=user_id, confirmed_at=None).first()
        step = _matching_step(waiting, code) if waiting else None
        if waiting is None or step is None:
            raise InvalidSecondFactor
        waiting.confirmed_at, waiting.last_step = clock.now(), step
        waiting.save(update_fields=["confirmed_at", "last_step"])
        codes = _new_codes(user_id)
        end_sessions(user_id=user_id)
        _tell(user_id, "enabled", by=Actor(user_id=user_id), action="user.enable_second_factor")
    return codes


def prove_second_factor(*, user_id: UUID, code: str) -> None:
    """Spend a code of the app or a recovery code. Five wrong ones in a row, then each costs a longer wait, an hour at most.

    Raises InvalidSecondFactor for wrong, used and unknown alike, TooManyRequests. Call outside a transaction: a failed
    attempt must stay counted. A recovery code publishes SecondFactorChanged.
    """
    _pay(user_id)
    with transaction.atomic():
        if not (_spend_step(user_id, code) or _spend_recovery_code(user_id, code)):
            raise InvalidSecondFactor
        SecondFactor.objects.filter(user_id=user_id).update(attempts=0, blocked_until=None)


def renew_recovery_codes(*, user_id: UUID) -> tuple[str, ...]:
    """Ten new codes, shown this once; those of before are void. Raises InvalidSecondFactor without a second factor."""
    with transaction.atomic():
        if not SecondFactor.objects.select_for_update(no_key=True).filter(user_id=user_id).exclude(confirmed_at=None):
            raise InvalidSecondFactor
        codes = _new_codes(user_id)
        _tell(user_id, "codes_renewed", by=Actor(user_id=user_id), action="user.renew_recovery_codes")
    return codes


def disable_second_factor(*, user_id: UUID, by: Actor) -> None:
    """Turn it off and forget its secret and codes: oneself, staff or the system for someone who lost everything.

    All sessions end. Does not prove who asks: the page does. Raises Forbidden. Publishes SecondFactorChanged once; without a
    second factor nothing happens.
    """
    if by.user_id != user_id and not by.is_staff:
        raise Forbidden("Only staff take a second factor from someone else.")
    with transaction.atomic():
        RecoveryCode.objects.filter(user_id=user_id).delete()
        gone = SecondFactor.objects.filter(user_id=user_id).exclude(confirmed_at=None).delete()[0]
        SecondFactor.objects.filter(user_id=user_id).delete()
        if gone:
            end_sessions(user_id=user_id)
            _tell(user_id, "disabled", by=by, action="user.disable_second_factor")


def _enrolment(secret: str, email: str) -> data.Enrolment:
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=settings.ORGANISATION_NAME)
    return data.Enrolment(secret=secret, uri=uri)


def _pay(user_id: UUID) -> None:
    now = clock.now()
    wanted = {"user": user_id, "now": now, "free": FREE_ATTEMPTS, "first": FIRST_WAIT, "longest": LONGEST_WAIT}
    if db.execute(_PAY, wanted):
        return
    known = SecondFactor.objects.filter(user_id=user_id).exclude(confirmed_at=None).first()
    if known is None or known.blocked_until is None:
        raise InvalidSecondFactor
    raise TooManyRequests(retry_after=max(1, int((known.blocked_until - now).total_seconds()) + 1))


def _matching_step(factor: SecondFactor, code: str) -> int | None:
    """The half minute of this code, if it is one of the app's around now: clocks may differ by one step."""
    secret, digits = unseal(factor.sealed), "".join(code.split())
    if secret is None or not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        return None
    now, totp = int(clock.now().timestamp()) // STEP, pyotp.TOTP(secret)
    matching = [step for step in (now - 1, now, now + 1) if pyotp.utils.strings_equal(totp.generate_otp(step), digits)]
    return matching[-1] if matching else None


def _spend_step(user_id: UUID, code: str) -> bool:
    factor = SecondFactor.objects.filter(user_id=user_id).exclude(confirmed_at=None).first()
    step = _matching_step(factor, code) if factor else None
    if step is None:
        return False
    return bool(SecondFactor.objects.filter(user_id=user_id, last_step__lt=step).update(last_step=step))


def _spend_recovery_code(user_id: UUID, code: str) -> bool:
    digest = _code_digest(user_id, code)
    if not RecoveryCode.objects.filter(user_id=user_id, digest=digest, used_at=None).update(used_at=clock.now()):
        return False
    _tell(user_id, "recovery_code_used", by=Actor(user_id=user_id), action="user.use_recovery_code")
    return True


def _new_codes(user_id: UUID) -> tuple[str, ...]:
    RecoveryCode.objects.filter(user_id=user_id).delete()
    codes = tuple("-".join(_letters() for _ in range(3)) for _ in range(CODES))
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(user_id=user_id, digest=_code_digest(user_id, code)) for code in codes]
    )
    return codes


def _letters() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(4))


def _code_digest(user_id: UUID, code: str) -> bytes:
    plain = "".join(each for each in code[:64].upper() if each in _ALPHABET)
    return keyed_digest(f"{user_id}:{plain}")


def _tell(user_id: UUID, change: str, *, by: Actor, action: str) -> None:
    outbox.publish(SecondFactorChanged(change_id=new_id(), user_id=user_id, change=change, by_id=by.user_id))
    record_action(by=by, action=action, subject_id=user_id)
