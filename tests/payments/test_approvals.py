"""Standing approvals: the number is forgotten once the provider has its token, and nothing is taken after the end."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from apps.payments import interface as payments
from apps.payments.data import NewPayment
from apps.payments.errors import ApprovalNotUsable
from apps.payments.services.keep_approvals import keep_approvals
from apps.platform import db
from apps.platform.ids import new_id
from tests.flows.conftest import product  # noqa: F401  the fixture
from tests.flows.stations import Product

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "bank"])
PAYS, CLOSED = "4000-0000-0000-0001", "4000-0000-0000-0003"


def opened(account: str = PAYS) -> Any:
    approval_id = new_id()
    with transaction.atomic():
        payments.open_approval(approval_id=approval_id, provider="bank", account=account)
    return approval_id


def row(approval_id: Any) -> dict[str, Any]:
    return db.rows("SELECT * FROM payments_approval WHERE id = %s", [approval_id])[0]


def take(approval_id: Any) -> Any:
    reference = new_id()
    wish = NewPayment(
        id=new_id(),
        reference=reference,
        provider="bank",
        account="",
        amount=500,
        currency="BDT",
        approval_id=approval_id,
    )
    with transaction.atomic():
        payments.open_payments(payments=[wish])
    return reference


def test_an_approval_pays_by_its_token_until_it_ends(product: Product):  # noqa: F811
    approval_id = opened()
    with pytest.raises(ApprovalNotUsable):
        take(approval_id)
    assert row(approval_id)["account"] == PAYS
    assert keep_approvals() == 1
    kept = row(approval_id)
    assert (kept["status"], kept["account"], kept["due_at"]) == ("active", "", None)
    reference = take(approval_id)
    product.settle(3)
    assert payments.payments_of(references=[reference])[reference][0].status == "captured"
    payments.end_approval(approval_id=approval_id)
    with pytest.raises(ApprovalNotUsable):
        take(approval_id)
    assert keep_approvals() == 1
    assert row(approval_id)["status"] == "ended"
    assert db.rows("SELECT status FROM bank_mandate", using="bank") == [{"status": "revoked"}]
    assert keep_approvals() == 0


def test_a_closed_account_gives_none(product: Product):  # noqa: F811
    approval_id = opened(CLOSED)
    keep_approvals()
    assert (row(approval_id)["status"], row(approval_id)["reason"]) == ("refused", "account-closed")
    assert db.rows("SELECT payload->>'reason' AS reason FROM outbox_event WHERE type = 'payment.approval-refused'") == [
        {"reason": "account-closed"}
    ]


def test_one_that_ends_while_it_is_asked_for_is_taken_back_all_the_same(product: Product):  # noqa: F811
    approval_id = opened()
    payments.end_approval(approval_id=approval_id)
    assert row(approval_id)["account"] == ""
    assert keep_approvals() == 0, "a call that is under way has time to end"
    db.execute("UPDATE payments_approval SET due_at = now()")
    assert keep_approvals() == 1
    assert row(approval_id)["status"] == "ended"


def test_without_an_answer_it_waits_and_asks_again(settings: Any, bank_key: str):
    settings.BANK = {**settings.BANK, "URL": "http://127.0.0.1:9/nobody"}
    approval_id = opened()
    assert keep_approvals() == 0
    waiting = row(approval_id)
    assert (waiting["status"], waiting["account"], waiting["attempts"]) == ("pending", PAYS, 1)
