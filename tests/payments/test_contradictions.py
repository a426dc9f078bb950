"""What the provider tells against itself, or against us."""

from __future__ import annotations

import itertools

import pytest
from django.test import Client

from apps.platform import db
from tests.payments.support import anomalies, call, events, open_payment, operations, state_of, webhook
from tests.support.bank_twin import BankTwin

pytestmark = pytest.mark.django_db(transaction=True)


def taken_at_the_bank(twin: BankTwin, payment_id: object) -> None:
    """The bank has the hold and has captured it, whatever we know."""
    twin.answer("authorize", "", {"account": "a", "amount": 2500, "currency": "BDT", "reference": str(payment_id)}, "k")
    hold = twin.hold_of(payment_id)
    hold.move("capture", 2500, "k2")


@pytest.mark.parametrize("order", list(itertools.permutations(["authorized", "captured", "failed", "captured"])))
def test_every_order_ends_captured_once(client: Client, twin: BankTwin, order: tuple[str, ...]) -> None:
    payment = open_payment(capture="manual")
    taken_at_the_bank(twin, payment.id)
    hold = twin.hold_of(payment.id)
    names = {"authorized": hold.id, "captured": hold.transactions[0]["id"], "failed": "attempt-1"}
    for kind in order:
        webhook(client, kind, payment.id, hold=hold.id, transaction=names[kind], reason="card-lost")
    call(2)
    found = state_of(payment)
    assert (found.status, found.captured_amount, found.failure_reason) == ("captured", 2500, "")
    assert events(payment.id)["payment.captured"] == 1
    assert events(payment.id)["payment.flagged"] >= 1


def test_failed_after_captured_changes_nothing_and_is_flagged(client: Client) -> None:
    payment = open_payment()
    webhook(client, "captured", payment.id)
    for _ in range(3):
        webhook(client, "failed", payment.id, reason="late")
    assert (state_of(payment).status, state_of(payment).captured_amount) == ("captured", 2500)
    assert anomalies(payment.id) == ["failed-after-captured"]
    assert events(payment.id) == {"payment.captured": 1, "payment.flagged": 1}


def test_refund_counts_though_a_failure_was_told_before_it(client: Client) -> None:
    payment = open_payment()
    webhook(client, "captured", payment.id)
    webhook(client, "failed", payment.id, reason="late")
    webhook(client, "refunded", payment.id, amount=700)
    assert (state_of(payment).status, state_of(payment).refunded_amount) == ("captured", 700)
    assert events(payment.id)["payment.refunded"] == 1


def test_captured_after_failed_is_asked_and_believed(client: Client, twin: BankTwin) -> None:
    payment = open_payment()
    webhook(client, "failed", payment.id, reason="card-lost")
    taken_at_the_bank(twin, payment.id)
    webhook(client, "captured", payment.id, transaction=twin.hold_of(payment.id).transactions[0]["id"])
    assert state_of(payment).status == "failed"
    assert ("prove", "due", 0) in operations(payment.id)
    call()
    assert (state_of(payment).status, state_of(payment).failure_reason) == ("captured", "")
    assert anomalies(payment.id) == ["captured-after-failed"]
    assert events(payment.id) == {"payment.failed": 1, "payment.captured": 1, "payment.flagged": 1}


def test_captured_after_failed_that_nobody_proves_stays_failed(client: Client, twin: BankTwin) -> None:
    payment = open_payment()
    webhook(client, "failed", payment.id)
    webhook(client, "captured", payment.id)
    call(2)
    assert state_of(payment).status == "failed"
    assert anomalies(payment.id) == ["capture-not-proven"]
    assert twin.count("authorize") == 0


def test_captured_after_failed_waits_while_the_provider_does_not_answer(client: Client, twin: BankTwin) -> None:
    payment = open_payment()
    webhook(client, "failed", payment.id)
    taken_at_the_bank(twin, payment.id)
    webhook(client, "captured", payment.id)
    twin.always("retrieve", "503")
    call(3)
    assert state_of(payment).status == "failed"
    assert ("prove", "unknown", 3) in operations(payment.id)
    twin.always("retrieve", "")
    call(2)
    assert state_of(payment).status == "captured"


@pytest.mark.parametrize("kind", ["authorized", "captured", "failed", "released"])
@pytest.mark.parametrize(
    ("changes", "flag"), [({"amount": 2501}, "amount-mismatch"), ({"currency": "USD"}, "currency-mismatch")]
)
@pytest.mark.django_db
def test_wrong_money_is_flagged_and_moves_nothing(
    client: Client, kind: str, changes: dict[str, object], flag: str
) -> None:
    payment = open_payment()
    webhook(client, kind, payment.id, **changes)
    assert state_of(payment).status == "pending"
    assert anomalies(payment.id) == [flag]
    assert db.rows("SELECT outcome FROM payments_webhookmessage") == [{"outcome": "mismatched"}]
    webhook(client, "captured", payment.id)
    assert state_of(payment).status == "captured"


def test_expired_hold_fails_the_payment_as_released(client: Client, twin: BankTwin) -> None:
    payment = open_payment(capture="manual")
    call()
    webhook(client, "released", payment.id, hold=twin.hold_of(payment.id).id)
    assert (state_of(payment).status, state_of(payment).failure_reason) == ("failed", "released")


def test_transaction_of_another_payment_is_flagged(client: Client) -> None:
    first, second = open_payment(), open_payment()
    webhook(client, "captured", first.id, transaction="t-1")
    webhook(client, "captured", second.id, transaction="t-1")
    assert (state_of(first).status, state_of(second).status) == ("captured", "pending")
    assert anomalies(second.id) == ["reference-reused"]


def test_second_capture_is_counted_once_and_flagged(client: Client) -> None:
    payment = open_payment()
    webhook(client, "captured", payment.id, transaction="t-1")
    webhook(client, "captured", payment.id, transaction="t-0")
    assert state_of(payment).captured_amount == 2500
    assert anomalies(payment.id) == ["captured-twice"]


def test_captured_webhook_before_our_call_spares_the_call(client: Client, twin: BankTwin) -> None:
    payment = open_payment()
    webhook(client, "captured", payment.id)
    call(2)
    assert twin.calls == []
    assert operations(payment.id) == [("authorize", "done", 0)]
    assert events(payment.id) == {"payment.captured": 1}


def test_made_up_hold_does_not_lead_the_capture_astray(client: Client, twin: BankTwin) -> None:
    payment = open_payment()
    webhook(client, "authorized", payment.id, hold="../../made up?")
    call(4)
    assert state_of(payment).status == "authorized"
    taken_at_the_bank(twin, payment.id)
    call(2)
    assert state_of(payment).status == "captured"
