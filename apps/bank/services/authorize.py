from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from apps.platform import clock
from apps.platform.errors import Invalid
from apps.platform.money import CURRENCIES, MAX_AMOUNT

from .. import data
from ..data import NUMBER, TEST_ACCOUNTS, behaviour_of
from ..errors import (
    AccountClosed,
    ConsentExpired,
    Declined,
    InsufficientFunds,
    PayerRefused,
    ReferenceReused,
    UnknownAccount,
)
from ..models import DECLINED, OPEN, Balance, Hold
from ..queries import find_authorization, hold_data, is_account
from .accounts import TEST_FUNDS, fund, keep_account
from .announce import announce
from .at_once import hold_at_once

_DECLINES: dict[str, type[Declined]] = {
    each.code: each for each in (InsufficientFunds, AccountClosed, PayerRefused, ConsentExpired)
}


def authorize(*, account: str, amount: int, currency: str, reference: UUID) -> tuple[data.Authorization, bool]:
    """Hold an amount. Returns the authorization and whether it is new: a reference is held once, however often it is asked.

    A decline is an authorization too (`refusal_of` tells). Raises Invalid, UnknownAccount, ReferenceReused.
    """
    if currency not in CURRENCIES:
        raise Invalid.field("currency", "unknown-choice", "Use the ISO 4217 code of a known currency.")
    if not 0 < amount <= MAX_AMOUNT:
        raise Invalid.field("amount", "out-of-range", f"Use whole minor units from 1 to {MAX_AMOUNT}.")
    held = hold_at_once(account=account, amount=amount, currency=currency, reference=reference)
    if held is not None:
        return held, True
    known = find_authorization(reference=reference)
    if known is None:
        try:
            with transaction.atomic(using="bank"):
                return _hold(account, amount, currency, reference), True
        except IntegrityError:  # another call with this reference was faster
            known = find_authorization(reference=reference)
            if known is None:
                raise
    if (known.account, known.amount, known.currency) != (account, amount, currency):
        raise ReferenceReused
    return known, False


def _hold(account: str, amount: int, currency: str, reference: UUID) -> data.Authorization:
    if NUMBER.fullmatch(account) is None:
        raise UnknownAccount
    reason = behaviour_of(account).declines or ""
    if reason or not _keep(account, amount, currency):
        _open_at_first_use(account, currency)
        if not reason and not _keep(account, amount, currency):
            reason = InsufficientFunds.code
    now = clock.now()
    hold = Hold.objects.create(
        account_id=account,
        reference=reference,
        amount=amount,
        currency=currency,
        status=DECLINED if reason else OPEN,
        reason=reason,
        expires_at=now + timedelta(hours=settings.BANK["HOLD_HOURS"]),
        created_at=now,
    )
    announce(hold, "payment.failed" if reason else "payment.authorized", hold.pk, amount, reason)
    return hold_data(hold, transactions=())


def _keep(account: str, amount: int, currency: str) -> bool:
    """Hold the amount if the account has that much free."""
    enough = Balance.objects.filter(account_id=account, currency=currency, balance__gte=F("held") + amount)
    return bool(enough.update(held=F("held") + amount))


def _open_at_first_use(account: str, currency: str) -> None:
    """Test accounts have money in every currency once it is asked for. Raises UnknownAccount."""
    if not is_account(account):
        raise UnknownAccount
    if account in TEST_ACCOUNTS:
        keep_account(account)
        fund(account, currency, TEST_FUNDS)


def refusal_of(authorization: data.Authorization) -> Declined | None:
    """The decline that this authorization is, or None."""
    if authorization.status != DECLINED:
        return None
    return _DECLINES[authorization.reason or InsufficientFunds.code]()
