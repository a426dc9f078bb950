"""A payer's consent to one payment, asked for on the bank's own page: name an account, then say yes or no, once.

The answer makes the hold, or a declined one, and its webhook tells; what the browser is sent back with proves nothing.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.platform import clock
from apps.platform.errors import Invalid
from apps.platform.money import CURRENCIES, MAX_AMOUNT

from .. import data
from ..data import NUMBER
from ..errors import ConsentAnswered, ConsentExpired, OtherVisitor, PayerRefused, ReferenceReused, UnknownAccount
from ..models import DECLINED, Consent, Hold
from ..queries import consent_data, is_account
from ..states import CONSENT_EXPIRED, CONSENT_GIVEN, CONSENT_REFUSED, CONSENT_WAITING
from .accounts import keep_account
from .announce import announce
from .authorize import authorize

NOBODY = "nobody"
"""Stands for the account where none was named: a hold that was declined belongs to somebody."""
BATCH = 500


def ask_consent(*, reference: UUID, amount: int, currency: str) -> data.Consent:
    """The consent for this payment, asked for now if it was not before. Raises Invalid, ReferenceReused."""
    if currency not in CURRENCIES:
        raise Invalid.field("currency", "unknown-choice", "Use the ISO 4217 code of a known currency.")
    if not 0 < amount <= MAX_AMOUNT:
        raise Invalid.field("amount", "out-of-range", f"Use whole minor units from 1 to {MAX_AMOUNT}.")
    wanted = Consent(
        reference=reference,
        amount=amount,
        currency=currency,
        expires_at=clock.now() + timedelta(minutes=settings.BANK["CONSENT_MINUTES"]),
    )
    Consent.objects.bulk_create([wanted], ignore_conflicts=True)
    known = Consent.objects.get(reference=reference)
    if (known.amount, known.currency) != (amount, currency):
        raise ReferenceReused
    return consent_data(known)


def is_visitor(*, reference: UUID, visitor: str) -> bool:
    """Whether this browser may answer: it has named the account, or nobody has."""
    kept = bytes(Consent.objects.values_list("visitor", flat=True).get(reference=reference))
    return kept in (b"", _digest(visitor))


def name_account(*, reference: UUID, account: str, visitor: str) -> data.Consent:
    """Say which account shall pay. From now on only this browser answers; it may name another one.

    Raises UnknownAccount, OtherVisitor, ConsentAnswered.
    """
    if NUMBER.fullmatch(account) is None or not is_account(account):
        raise UnknownAccount
    with transaction.atomic(using="bank"):
        consent = _open(reference, visitor)
        consent.account, consent.visitor = account, _digest(visitor)
        consent.save(update_fields=["account", "visitor"])
    return consent_data(consent)


def give_consent(*, reference: UUID, visitor: str) -> data.Authorization:
    """Yes: hold the amount on the named account, or decline it where the account cannot pay.

    Raises OtherVisitor, ConsentAnswered (also the second time), UnknownAccount when none was named.
    """
    with transaction.atomic(using="bank"):
        consent = _open(reference, visitor)
        if not consent.account:
            raise UnknownAccount
        _answer(consent, CONSENT_GIVEN)
        held, _ = authorize(
            account=consent.account, amount=consent.amount, currency=consent.currency, reference=reference
        )
    return held


def refuse_consent(*, reference: UUID, visitor: str) -> None:
    """No: the payment is declined. Raises OtherVisitor, ConsentAnswered."""
    with transaction.atomic(using="bank"):
        consent = _open(reference, visitor)
        _answer(consent, CONSENT_REFUSED)
        _decline(consent, PayerRefused.code)


def expire_consents() -> int:
    """Decline what was not answered in time; returns how many. Safe beside answers and other runs: rows are locked."""
    with transaction.atomic(using="bank"):
        late = Consent.objects.filter(status=CONSENT_WAITING, expires_at__lte=clock.now()).order_by("expires_at")
        consents = list(late.select_for_update(no_key=True, skip_locked=True)[:BATCH])
        for consent in consents:
            _answer(consent, CONSENT_EXPIRED)
            _decline(consent, ConsentExpired.code)
    return len(consents)


def _open(reference: UUID, visitor: str) -> Consent:
    """The locked row, if this browser may still answer it."""
    consent = Consent.objects.select_for_update(no_key=True).get(reference=reference)
    if bytes(consent.visitor) not in (b"", _digest(visitor)):
        raise OtherVisitor
    if consent.status != CONSENT_WAITING or consent.expires_at <= clock.now():
        raise ConsentAnswered
    return consent


def _answer(consent: Consent, status: str) -> None:
    consent.status, consent.answered_at = status, clock.now()
    waiting = Consent.objects.filter(pk=consent.pk, status=CONSENT_WAITING)
    if not waiting.update(status=status, answered_at=consent.answered_at):
        raise ConsentAnswered


def _decline(consent: Consent, reason: str) -> None:
    account = consent.account or NOBODY
    keep_account(account)
    hold = Hold.objects.create(
        account_id=account,
        reference=consent.reference,
        amount=consent.amount,
        currency=consent.currency,
        status=DECLINED,
        reason=reason,
        expires_at=consent.expires_at,
    )
    announce(hold, "payment.failed", hold.pk, consent.amount, reason)


def _digest(visitor: str) -> bytes:
    return hashlib.sha256(visitor.encode("utf-8", "replace")).digest()
