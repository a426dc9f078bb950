"""Money that the merchant sends out of what it has taken: once per reference, and never more than there is."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from apps.platform import db
from apps.platform.errors import Invalid
from apps.platform.money import CURRENCIES, MAX_AMOUNT

from .. import data
from ..data import TEST_ACCOUNTS, behaviour_of
from ..errors import AccountClosed, InsufficientFunds, ReferenceReused, UnknownAccount
from ..models import DECLINED, SUCCEEDED, Entry, Transfer
from ..queries import find_transfer, is_account, transfer_data
from .accounts import MERCHANT, TEST_FUNDS, fund, keep_account

# One transfer at a time: the sum below is then the truth until commit, and the numbers have no gap. Transfers are rare.
_ALONE = "SELECT pg_advisory_xact_lock(hashtext('bank_transfer'))"
_AVAILABLE = """
    SELECT coalesce(sum(CASE WHEN credit = %(merchant)s THEN amount ELSE -amount END), 0)::bigint AS amount
    FROM bank_entry WHERE (credit = %(merchant)s OR debit = %(merchant)s) AND currency = %(currency)s
"""


def transfer(*, account: str, amount: int, currency: str, reference: UUID) -> tuple[data.Transfer, bool]:
    """Send merchant money to an account. Returns the transfer and whether it is new: a reference is sent once.

    A decline (closed account, not enough taken) is a transfer too, and final. Raises Invalid, UnknownAccount,
    ReferenceReused.
    """
    if currency not in CURRENCIES:
        raise Invalid.field("currency", "unknown-choice", "Use the ISO 4217 code of a known currency.")
    if not 0 < amount <= MAX_AMOUNT:
        raise Invalid.field("amount", "out-of-range", f"Use whole minor units from 1 to {MAX_AMOUNT}.")
    if not is_account(account):
        raise UnknownAccount
    with transaction.atomic(using="bank"):
        db.rows(_ALONE, using="bank")
        known = find_transfer(reference=reference)
        if known is None:
            return transfer_data(_send(account, amount, currency, reference)), True
    if (known.account, known.amount, known.currency) != (account, amount, currency):
        raise ReferenceReused
    return known, False


def _send(account: str, amount: int, currency: str, reference: UUID) -> Transfer:
    reason = ""
    if behaviour_of(account).declines == AccountClosed.code:
        reason = AccountClosed.code
    elif db.rows(_AVAILABLE, {"merchant": MERCHANT, "currency": currency}, using="bank")[0]["amount"] < amount:
        reason = InsufficientFunds.code
    last = db.rows("SELECT coalesce(max(seq), 0) AS seq FROM bank_transfer", using="bank")[0]["seq"]
    sent = Transfer.objects.create(
        seq=last + 1,
        reference=reference,
        account=account,
        amount=amount,
        currency=currency,
        status=DECLINED if reason else SUCCEEDED,
        reason=reason,
    )
    if not reason:
        _credit(account, currency, amount)
        Entry.objects.create(
            debit=MERCHANT,
            credit=account,
            amount=amount,
            currency=currency,
            transaction=sent.pk,
            created_at=sent.created_at,
        )
    return sent


def _credit(account: str, currency: str, amount: int) -> None:
    if account in TEST_ACCOUNTS:
        keep_account(account)
    fund(account, currency, TEST_FUNDS if account in TEST_ACCOUNTS else 0)
    db.execute(
        "UPDATE bank_balance SET balance = balance + %s WHERE account_id = %s AND currency = %s",
        [amount, account, currency],
        using="bank",
    )
