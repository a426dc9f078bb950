"""The ordinary way of the money, and every decline."""

import pytest
from django.test import Client

from apps.payments import interface as payments
from apps.platform import context, db
from apps.platform.ids import new_id
from tests.payments.support import anomalies, call, events, open_payment, operations, state_of, webhook
from tests.support.bank_twin import BankTwin

pytestmark = pytest.mark.django_db(transaction=True)


def test_automatic_payment_is_authorized_and_captured(twin: BankTwin) -> None:
    payment = open_payment()
    call()
    found = state_of(payment)
    assert (found.status, found.captured_amount, found.hold) == ("captured", 2500, twin.hold_of(payment.id).id)
    assert events(payment.id) == {"payment.authorized": 1, "payment.captured": 1}
    assert operations(payment.id) == [("authorize", "done", 1), ("capture", "done", 1)]
    assert anomalies() == []


def test_request_id_travels_from_the_gift_to_its_events(twin: BankTwin) -> None:
    gifts = {}
    for name in ("req-1", "req-2"):
        with context.bound(request_id=name):
            gifts[name] = open_payment()
    call()
    for name, payment in gifts.items():
        rows = db.rows("SELECT request_id FROM outbox_event WHERE payload ->> 'payment_id' = %s", [str(payment.id)])
        assert [row["request_id"] for row in rows] == [name, name]


def test_webhooks_of_what_is_known_change_nothing(client: Client, twin: BankTwin) -> None:
    payment = open_payment()
    call()
    hold = twin.hold_of(payment.id)
    webhook(client, "authorized", payment.id, hold=hold.id, transaction=hold.id)
    webhook(client, "captured", payment.id, hold=hold.id, transaction=hold.transactions[0]["id"])
    assert events(payment.id) == {"payment.authorized": 1, "payment.captured": 1}
    assert anomalies() == []
    assert db.rows("SELECT id FROM payments_webhookmessage WHERE processed_at IS NULL") == []


def test_manual_payment_waits_for_its_capture(twin: BankTwin) -> None:
    payment = open_payment(capture="manual")
    call(2)
    assert state_of(payment).status == "authorized"
    payments.request_capture(reference=payment.reference)
    payments.request_capture(reference=payment.reference)
    with pytest.raises(payments.PaymentNotReleasable):
        payments.request_release(reference=payment.reference)
    call()
    assert state_of(payment).status == "captured"
    assert twin.count("capture") == 1


def test_released_payment_fails_as_released(twin: BankTwin) -> None:
    payment = open_payment(capture="manual")
    call()
    payments.request_release(reference=payment.reference)
    call()
    assert (state_of(payment).status, state_of(payment).failure_reason) == ("failed", "released")
    assert events(payment.id) == {"payment.authorized": 1, "payment.released": 1}
    with pytest.raises(payments.PaymentNotCapturable):
        payments.request_capture(reference=payment.reference)


def test_decline_is_final_and_told_once(client: Client, twin: BankTwin) -> None:
    twin.script("authorize", "decline")
    payment = open_payment()
    call(2)
    webhook(client, "failed", payment.id, hold=twin.hold_of(payment.id).id, reason="insufficient-funds")
    assert (state_of(payment).status, state_of(payment).failure_reason) == ("failed", "insufficient-funds")
    assert events(payment.id) == {"payment.failed": 1}
    assert twin.count("authorize") == 1


def test_capture_that_is_declined_fails_the_payment(twin: BankTwin) -> None:
    twin.script("capture", "decline")
    payment = open_payment()
    call(2)
    assert (state_of(payment).status, state_of(payment).failure_reason) == ("failed", "capture-declined")
    assert events(payment.id) == {"payment.authorized": 1, "payment.failed": 1}


def test_second_payment_of_a_failed_reference_is_possible(twin: BankTwin) -> None:
    twin.script("authorize", "decline")
    first = open_payment()
    call()
    second = open_payment(reference=first.reference)
    call()
    assert [each.status for each in payments.payments_of(references=[first.reference])[first.reference]] == [
        "failed",
        "captured",
    ]
    assert state_of(second).captured_amount == 2500


def test_unknown_provider_account_and_reference_are_refused() -> None:
    with pytest.raises(payments.UnknownProvider):
        open_payment(provider="purse")
    for account in ("", "4000", "4000-0000-0000-000a", PAYS_IN_BANGLA):
        with pytest.raises(payments.InvalidAccount):
            open_payment(account=account)
    with pytest.raises(payments.PaymentNotFound):
        payments.request_capture(reference=new_id())


PAYS_IN_BANGLA = "৪০০০-০০০০-০০০০-০০০১"


def test_opening_and_reading_cost_the_same_for_one_and_three(django_assert_num_queries, twin: BankTwin) -> None:  # type: ignore[no-untyped-def]
    for number in (1, 3):
        new = [
            payments.NewPayment(
                id=new_id(),
                reference=new_id(),
                provider="bank",
                account="4000-0000-0000-0001",
                amount=5,
                currency="BDT",
            )
            for _ in range(number)
        ]
        with django_assert_num_queries(1):
            payments.open_payments(payments=new)
        with django_assert_num_queries(1):
            assert len(payments.payments_of(references=[each.reference for each in new])) == number
