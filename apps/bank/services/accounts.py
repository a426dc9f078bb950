from __future__ import annotations

import secrets

from django.db import transaction

from apps.platform import db
from apps.platform.errors import Invalid
from apps.platform.ids import new_id
from apps.platform.money import CURRENCIES, MAX_AMOUNT

from .. import data
from ..models import Account, Entry
from ..queries import get_account

FUNDING = "funding"
MERCHANT = "merchant"
TEST_FUNDS = MAX_AMOUNT


def open_account(*, currency: str, balance: int) -> data.Account:
    """A customer's account with an opening balance in minor units. Raises Invalid."""
    if currency not in CURRENCIES:
        raise Invalid.field("currency", "unknown-choice", "Use the ISO 4217 code of a known currency.")
    if not 0 <= balance <= MAX_AMOUNT:
        raise Invalid.field("balance", "out-of-range", f"Use whole minor units from 0 to {MAX_AMOUNT}.")
    digits = f"{5 * 10**15 + secrets.randbelow(10**15)}"
    number = "-".join(digits[start : start + 4] for start in range(0, 16, 4))
    with transaction.atomic(using="bank"):
        Account.objects.create(number=number)
        fund(number, currency, balance)
    return get_account(number=number)


def keep_account(number: str) -> None:
    """Have the account of this number from now on, whoever asks for it first at the same moment."""
    Account.objects.bulk_create([Account(number=number)], ignore_conflicts=True)


def fund(number: str, currency: str, amount: int) -> None:
    """Open the account's balance in a currency, once, with money from outside."""
    opened = db.execute(
        """INSERT INTO bank_balance (account_id, currency, balance, held) VALUES (%s, %s, %s, 0)
           ON CONFLICT (account_id, currency) DO NOTHING""",
        [number, currency, amount],
        using="bank",
    )
    if opened and amount:
        Entry.objects.create(debit=FUNDING, credit=number, amount=amount, currency=currency, transaction=new_id())
