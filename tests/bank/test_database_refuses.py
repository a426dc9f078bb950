"""Whatever the application does wrong, the rows refuse: every guard of the bank's books in raw SQL."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from apps.bank import interface as bank
from apps.platform import db
from apps.platform.ids import new_id

from .support import held, on_both, violations

pytestmark = on_both


@pytest.fixture
def account(db: None) -> str:
    return bank.open_account(currency="BDT", balance=5000).number


@pytest.fixture
def taken(account: str) -> bank.Authorization:
    hold = held(account, 2000)
    return bank.capture(authorization_id=hold.id, amount=1500, key="taken").authorization


def refused(guard: str, sql: str, *params: object) -> None:
    with pytest.raises(IntegrityError, match=guard), transaction.atomic(using="bank"):
        db.execute(sql, params, using="bank")


def test_an_overdraft(account: str):
    held(account, 4000)
    refused("bank_never_overdrawn", "UPDATE bank_balance SET held = 5001 WHERE account_id = %s", account)
    refused("bank_never_overdrawn", "UPDATE bank_balance SET balance = 3999 WHERE account_id = %s", account)
    refused("bank_never_overdrawn", "UPDATE bank_balance SET held = -1 WHERE account_id = %s", account)


@pytest.mark.parametrize("kind", ["capture", "release"])
def test_a_second_end_of_a_hold(taken: bank.Authorization, kind: str):
    insert = "INSERT INTO bank_transaction (id, hold_id, kind, amount, created_at) VALUES (%s, %s, %s, 1, now())"
    refused("bank_hold_ends_once", insert, new_id(), taken.id, kind)


@pytest.mark.parametrize("status", ["authorized", "released", "expired", "declined"])
def test_a_hold_that_goes_back(taken: bank.Authorization, status: str):
    refused("is not a move", "UPDATE bank_hold SET status = %s WHERE id = %s", status, taken.id)


def test_captures_above_the_hold_and_refunds_above_the_capture(account: str, taken: bank.Authorization):
    hold = held(account, 100)
    capture = "UPDATE bank_hold SET status = 'captured', captured_amount = %s WHERE id = %s"
    refused("bank_capture_in_hold", capture, 101, hold.id)
    refused("bank_hold_state", capture, 0, hold.id)
    refused("bank_refund_in_capture", "UPDATE bank_hold SET refunded_amount = 1501 WHERE id = %s", taken.id)


@pytest.mark.parametrize("change", ["amount = 9999", "currency = 'USD'", "captured_amount = 1400", "reference = id"])
def test_terms_that_change(taken: bank.Authorization, change: str):
    refused("terms of a hold", f"UPDATE bank_hold SET {change} WHERE id = %s", taken.id)


@pytest.mark.parametrize("table", ["bank_entry", "bank_transaction", "bank_event"])
def test_edited_books(taken: bank.Authorization, table: str):
    refused("append-only", f"DELETE FROM {table}")
    refused("append-only", f"UPDATE {table} SET {'at' if table == 'bank_event' else 'created_at'} = now()")


@pytest.mark.parametrize(("debit", "amount"), [("funding", 0), ("funding", -5), ("merchant", 5)])
def test_ledger_lines_without_two_sides(debit: str, amount: int):
    refused(
        "bank_entry_two_sides",
        """INSERT INTO bank_entry (debit, credit, amount, currency, transaction, created_at)
           VALUES (%s, 'merchant', %s, 'BDT', %s, now())""",
        debit,
        amount,
        new_id(),
    )


def test_the_platforms_connection_knows_no_table_of_the_bank():
    with pytest.raises(DatabaseError, match="does not exist"), transaction.atomic():
        db.execute("SELECT 1 FROM bank_hold")


@pytest.mark.parametrize(
    ("code", "damage"),
    [
        ("B1", "UPDATE bank_balance SET balance = balance + 1 WHERE account_id = %s"),
        ("B2", "UPDATE bank_balance SET held = held + 1 WHERE account_id = %s"),
        ("B3", "UPDATE bank_hold SET refunded_amount = refunded_amount + 1 WHERE account_id = %s"),
    ],
)
def test_the_audit_names_what_no_constraint_can_see(account: str, taken: bank.Authorization, code: str, damage: str):
    assert violations() == {}
    db.execute(damage, [account], using="bank")
    assert set(violations()) == {code}
