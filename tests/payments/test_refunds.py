"""Money on its way back: reserved when asked for, counted once, whoever started it and whoever tells first."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from apps.payments import interface as payments
from apps.payments.services.claim import claim
from apps.platform import db
from apps.platform.ids import new_id
from tests.payments.support import anomalies, call, events, open_payment, operations, state_of, webhook
from tests.support.bank_twin import BankTwin

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def captured(twin: BankTwin) -> payments.NewPayment:
    payment = open_payment()
    call()
    return payment


def reserved(payment: payments.NewPayment) -> int:
    return int(
        db.rows("SELECT refund_reserved FROM payments_payment WHERE id = %s", [payment.id])[0]["refund_reserved"]
    )


def told(payment: payments.NewPayment) -> list[tuple[int, bool]]:
    """Amount of each PaymentRefunded, and whether it names a request of ours."""
    sql = (
        "SELECT payload FROM outbox_event WHERE type = 'payment.refunded' AND payload ->> 'payment_id' = %s ORDER BY id"
    )
    rows = db.rows(
        "SELECT (payload ->> 'amount')::int AS amount, payload ->> 'refund_id' AS refund_id FROM (" + sql + ") AS told",
        [str(payment.id)],
    )
    return [(row["amount"], row["refund_id"] is not None) for row in rows]


def test_refund_is_reserved_then_counted(twin: BankTwin, captured: payments.NewPayment) -> None:
    refund_id = new_id()
    payments.request_refund(reference=captured.reference, refund_id=refund_id, amount=1000)
    payments.request_refund(reference=captured.reference, refund_id=refund_id, amount=1000)
    assert (reserved(captured), state_of(captured).refunded_amount) == (1000, 0)
    call()
    assert (reserved(captured), state_of(captured).refunded_amount) == (0, 1000)
    assert told(captured) == [(1000, True)]
    assert twin.count("refund") == 1


def test_refund_above_what_is_left_is_refused(captured: payments.NewPayment) -> None:
    payments.request_refund(reference=captured.reference, refund_id=new_id(), amount=2000)
    for amount in (501, 2500, 10**16, 0, -1):
        with pytest.raises(payments.RefundExceedsCaptured):
            payments.request_refund(reference=captured.reference, refund_id=new_id(), amount=amount)


def test_payment_that_is_not_captured_cannot_be_refunded(twin: BankTwin) -> None:
    payment = open_payment(capture="manual")
    call()
    with pytest.raises(payments.PaymentNotRefundable):
        payments.request_refund(reference=payment.reference, refund_id=new_id(), amount=1)


def test_refund_that_the_bank_refuses_frees_the_reserve(twin: BankTwin, captured: payments.NewPayment) -> None:
    twin.script("refund", "decline")
    payments.request_refund(reference=captured.reference, refund_id=new_id(), amount=1000)
    call()
    assert (reserved(captured), state_of(captured).refunded_amount) == (0, 0)
    assert events(captured.id)["payment.refund-failed"] == 1
    payments.request_refund(reference=captured.reference, refund_id=new_id(), amount=2500)
    call()
    assert state_of(captured).refunded_amount == 2500


@pytest.mark.parametrize("how", ["drop", "half", "garbage", "503", "late-503", "processing"])
def test_refund_without_an_answer_is_paid_once(twin: BankTwin, captured: payments.NewPayment, how: str) -> None:
    twin.script("refund", how)
    payments.request_refund(reference=captured.reference, refund_id=new_id(), amount=700)
    call()
    assert (reserved(captured), state_of(captured).refunded_amount) == (700, 0)
    call(3)
    assert (reserved(captured), state_of(captured).refunded_amount) == (0, 700)
    assert [each["amount"] for each in twin.hold_of(captured.id).transactions if each["kind"] == "refund"] == [700]
    assert told(captured) == [(700, True)]


def test_webhook_before_the_answer_is_attributed_to_our_refund(
    client: Client, twin: BankTwin, captured: payments.NewPayment
) -> None:
    payments.request_refund(reference=captured.reference, refund_id=new_id(), amount=2500)
    [ours] = claim("bank", limit=1)
    transaction = twin.hold_of(captured.id).move("refund", 2500, str(ours.id))
    webhook(client, "refunded", captured.id, transaction=transaction)
    assert (reserved(captured), state_of(captured).refunded_amount) == (2500, 0)
    db.execute("UPDATE payments_operation SET due_at = statement_timestamp() WHERE status = 'calling'")
    call()
    assert (reserved(captured), state_of(captured).refunded_amount) == (0, 2500)
    assert told(captured) == [(2500, True)]


def test_refund_started_at_the_provider_is_counted(client: Client, captured: payments.NewPayment) -> None:
    for _ in range(3):
        webhook(client, "refunded", captured.id, amount=300, transaction="t-abroad")
    assert state_of(captured).refunded_amount == 300
    assert told(captured) == [(300, False)]


def test_refund_started_at_the_provider_takes_from_what_we_reserved(
    client: Client, twin: BankTwin, captured: payments.NewPayment
) -> None:
    payments.request_refund(reference=captured.reference, refund_id=new_id(), amount=2500)
    transaction = twin.hold_of(captured.id).move("refund", 2000, "abroad")
    webhook(client, "refunded", captured.id, amount=2000, transaction=transaction)
    assert (reserved(captured), state_of(captured).refunded_amount) == (500, 2000)
    call()
    assert (reserved(captured), state_of(captured).refunded_amount) == (0, 2000)
    assert events(captured.id)["payment.refund-failed"] == 1
    assert told(captured) == [(2000, False)]


def test_refund_before_its_capture_counts_when_the_capture_comes(client: Client) -> None:
    payment = open_payment()
    webhook(client, "refunded", payment.id, amount=300, transaction="t-r")
    assert (state_of(payment).status, state_of(payment).refunded_amount) == ("pending", 0)
    webhook(client, "captured", payment.id)
    assert (state_of(payment).status, state_of(payment).refunded_amount) == ("captured", 300)


def test_more_refunded_than_captured_is_flagged(client: Client, captured: payments.NewPayment) -> None:
    webhook(client, "refunded", captured.id, amount=2000, transaction="t-1")
    webhook(client, "refunded", captured.id, amount=2000, transaction="t-2")
    assert state_of(captured).refunded_amount == 2000
    assert anomalies(captured.id) == ["refund-exceeds-captured"]


def test_refund_of_a_payment_whose_hold_is_not_known_finds_it(client: Client, twin: BankTwin) -> None:
    payment = open_payment()
    twin.answer("authorize", "", {"account": "a", "amount": 2500, "currency": "BDT", "reference": str(payment.id)}, "k")
    transaction = twin.hold_of(payment.id).move("capture", 2500, "k2")
    webhook(client, "captured", payment.id, hold="", transaction=transaction)
    payments.request_refund(reference=payment.reference, refund_id=new_id(), amount=100)
    call()
    assert state_of(payment).refunded_amount == 100


def _refund_at_once(payment: payments.NewPayment, copies: int, sql: str = "") -> int:
    """Ask for the whole amount `copies` times at one moment; returns how many were let through."""
    barrier = threading.Barrier(copies)
    through: list[int] = []

    def ask() -> None:
        try:
            connection.ensure_connection()
            barrier.wait(30)
            if sql:
                through.extend([1] * db.execute(sql, [payment.id]))
            else:
                payments.request_refund(reference=payment.reference, refund_id=new_id(), amount=2500)
                through.append(1)
        except (payments.RefundExceedsCaptured, IntegrityError):
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(copies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return len(through)


def test_parallel_refunds_reserve_the_amount_once(captured: payments.NewPayment) -> None:
    assert _refund_at_once(captured, 10) == 1
    assert len([each for each in operations(captured.id) if each[0] == "refund"]) == 1


_RESERVE = "UPDATE payments_payment SET refund_reserved = refund_reserved + 2500 WHERE id = %s"


def test_parallel_refunds_without_our_lock_are_stopped_by_the_row(captured: payments.NewPayment) -> None:
    assert _refund_at_once(captured, 10, _RESERVE) == 1


def test_control_without_the_check_all_of_them_pass(captured: payments.NewPayment) -> None:
    [row] = db.rows(
        "SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = 'payments_payment_money'"
    )
    db.execute("ALTER TABLE payments_payment DROP CONSTRAINT payments_payment_money")
    try:
        assert _refund_at_once(captured, 10, _RESERVE) == 10
    finally:
        db.execute("UPDATE payments_payment SET refund_reserved = 0")
        db.execute(f"ALTER TABLE payments_payment ADD CONSTRAINT payments_payment_money {row['text']}")
