"""Captures, releases and refunds: under the hold's lock, each once per Idempotency-Key."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from apps.platform import clock, db
from apps.platform.errors import Invalid
from apps.platform.ids import new_id

from .. import data
from ..data import behaviour_of
from ..errors import (
    CaptureDeclined,
    CaptureExceedsHold,
    HoldExpired,
    HoldNotCapturable,
    IdempotencyKeyReused,
    RefundExceedsCaptured,
    UnknownAuthorization,
)
from ..models import CAPTURE, CAPTURED, EXPIRED, OPEN, REFUND, RELEASE, RELEASED, Entry, Hold, Transaction
from ..queries import get_authorization
from .accounts import MERCHANT
from .announce import announce
from .at_once import capture_at_once

_MOVE_BALANCE = """
    UPDATE bank_balance SET balance = balance + %(balance)s, held = held + %(held)s
    WHERE account_id = %(account)s AND currency = %(currency)s
"""


def capture(
    *, authorization_id: UUID, amount: int | None, key: str | None, known: data.Authorization | None = None
) -> data.Movement:
    """Take the held money, all or a part; the rest of the hold is let go. `known` saves reading the hold once more.

    Raises Invalid, UnknownAuthorization, HoldNotCapturable, HoldExpired, CaptureExceedsHold, CaptureDeclined,
    IdempotencyKeyReused.
    """
    if amount is not None:
        _check_amount(amount)
    known = known or get_authorization(authorization_id=authorization_id)
    if amount in (None, known.amount) and (at_once := capture_at_once(hold=known, key=key)) is not None:
        return at_once
    with transaction.atomic(using="bank"):
        hold = _locked(authorization_id)
        if (done := _done_before(hold, CAPTURE, key, amount)) is not None:
            return _movement(hold, done, is_replay=True)
        if hold.status == EXPIRED or (hold.status == OPEN and hold.expires_at <= clock.now()):
            raise HoldExpired
        if hold.reason == CaptureDeclined.code:  # asked again after a lost answer: the same answer
            raise CaptureDeclined
        if hold.status != OPEN:
            raise HoldNotCapturable
        taken = hold.amount if amount is None else amount
        if taken > hold.amount:
            raise CaptureExceedsHold
        declined = behaviour_of(hold.account_id).capture_declines
        if declined:
            _let_go(hold, RELEASED, reason=CaptureDeclined.code)
            announce(hold, "payment.failed", new_id(), hold.amount, CaptureDeclined.code)
        else:
            moved = _record(hold, CAPTURE, taken, key)
            Hold.objects.filter(pk=hold.pk).update(status=CAPTURED, captured_amount=taken)
            _enter(hold.account_id, MERCHANT, moved, hold)
            _move_balance(hold, balance=-taken, held=-hold.amount)
            announce(hold, "payment.captured", moved.pk, taken)
    if declined:
        raise CaptureDeclined
    return _movement(hold, moved)


def release(*, authorization_id: UUID, key: str | None) -> data.Movement:
    """Let the hold go. Raises UnknownAuthorization, HoldNotCapturable, IdempotencyKeyReused."""
    with transaction.atomic(using="bank"):
        hold = _locked(authorization_id)
        if (done := _done_before(hold, RELEASE, key)) is not None:
            return _movement(hold, done, is_replay=True)
        if hold.status != OPEN:
            raise HoldNotCapturable
        released = _let_go(hold, RELEASED, key=key)
        announce(hold, "payment.released", released.pk, hold.amount)
    return _movement(hold, released)


def refund(*, authorization_id: UUID, amount: int, key: str | None) -> data.Movement:
    """Give captured money back. Raises Invalid, UnknownAuthorization, RefundExceedsCaptured, IdempotencyKeyReused."""
    _check_amount(amount)
    with transaction.atomic(using="bank"):
        hold = _locked(authorization_id)
        if (done := _done_before(hold, REFUND, key, amount)) is not None:
            return _movement(hold, done, is_replay=True)
        if amount > hold.captured_amount - hold.refunded_amount:
            raise RefundExceedsCaptured
        given = _record(hold, REFUND, amount, key)
        Hold.objects.filter(pk=hold.pk).update(refunded_amount=F("refunded_amount") + amount)
        _enter(MERCHANT, hold.account_id, given, hold)
        _move_balance(hold, balance=amount, held=0)
        announce(hold, "payment.refunded", given.pk, amount)
    return _movement(hold, given)


def expire_holds() -> int:
    """Let go of holds whose time is over. Returns how many."""
    expired = 0
    for hold_id in Hold.objects.filter(status=OPEN, expires_at__lte=clock.now()).values_list("pk", flat=True)[:500]:
        with transaction.atomic(using="bank"):
            hold = _locked(hold_id)
            if hold.status == OPEN:
                released = _let_go(hold, EXPIRED)
                announce(hold, "payment.released", released.pk, hold.amount, "expired")
                expired += 1
    return expired


def _check_amount(amount: int) -> None:
    if amount <= 0:
        raise Invalid.field("amount", "out-of-range", "Use whole minor units, 1 or more.")


def _locked(authorization_id: UUID) -> Hold:
    hold = Hold.objects.select_for_update(no_key=True).filter(pk=authorization_id).first()
    if hold is None:
        raise UnknownAuthorization
    return hold


def _done_before(hold: Hold, kind: str, key: str | None, amount: int | None = None) -> Transaction | None:
    done = Transaction.objects.filter(idempotency_key=key).first() if key else None
    if done and (done.hold_id != hold.pk or done.kind != kind or (amount is not None and done.amount != amount)):
        raise IdempotencyKeyReused
    return done


def _let_go(hold: Hold, status: str, *, reason: str = "", key: str | None = None) -> Transaction:
    released = _record(hold, RELEASE, hold.amount, key)
    Hold.objects.filter(pk=hold.pk).update(status=status, reason=reason)
    _move_balance(hold, balance=0, held=-hold.amount)
    return released


def _record(hold: Hold, kind: str, amount: int, key: str | None) -> Transaction:
    """Raises IdempotencyKeyReused when another hold's call took the key at the same moment."""
    try:
        return Transaction.objects.create(hold=hold, kind=kind, amount=amount, idempotency_key=key)
    except IntegrityError as error:
        if "bank_key_once" not in str(error):
            raise
        raise IdempotencyKeyReused from None


def _move_balance(hold: Hold, *, balance: int, held: int) -> None:
    params = {"balance": balance, "held": held, "account": hold.account_id, "currency": hold.currency}
    db.execute(_MOVE_BALANCE, params, using="bank")


def _enter(debit: str, credit: str, moved: Transaction, hold: Hold) -> None:
    Entry.objects.create(debit=debit, credit=credit, amount=moved.amount, currency=hold.currency, transaction=moved.pk)


def _movement(hold: Hold, moved: Transaction, *, is_replay: bool = False) -> data.Movement:
    waits = moved.kind == CAPTURE and behaviour_of(hold.account_id).is_asynchronous
    status = "processing" if waits else "succeeded"
    return data.Movement(moved.pk, status, get_authorization(authorization_id=hold.pk), is_replay)
