"""The application may be wrong; the row is still refused. Each guard is tried in raw SQL, and audits see what passed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client

from apps.payments import gauges
from apps.payments import interface as payments
from apps.platform import audits, db
from apps.platform.ids import new_id
from tests.payments.support import call, open_payment, webhook
from tests.support.bank_twin import BankTwin

pytestmark = pytest.mark.django_db(transaction=True)

ON_PENDING = [
    "amount = 0",
    "amount = -5",
    "amount = 5",
    "currency = 'USD'",
    "reference = gen_random_uuid()",
    "account = 'x'",
    "captured_amount = 1",
    "refunded_amount = 1",
    "refund_reserved = 1",
    "status = 'captured'",
    "status = 'failed'",
    "status = 'authorized'",
    "status = 'lost'",
    "failure_reason = 'x'",
]
ON_CAPTURED = [
    "status = 'authorized', captured_amount = 0",
    "status = 'pending', captured_amount = 0",
    "status = 'failed', captured_amount = 0, failure_reason = 'x'",
    "captured_amount = 0",
    "captured_amount = 2400",
    "captured_amount = 2501",
    "refunded_amount = -1",
    "refunded_amount = 2501",
    "refunded_amount = 1500, refund_reserved = 1001",
    "refund_reserved = -1",
]


def refused(sql: str, params: list[object] | None = None) -> bool:
    try:
        with transaction.atomic():
            db.execute(sql, params or [])
    except (IntegrityError, InternalError):
        return True
    return False


@pytest.mark.parametrize("change", ON_PENDING)
@pytest.mark.django_db
def test_pending_row_refuses(change: str) -> None:
    open_payment()
    assert refused(f"UPDATE payments_payment SET {change}")


@pytest.mark.parametrize("change", ON_CAPTURED)
@pytest.mark.django_db
def test_captured_row_refuses(client: Client, change: str) -> None:
    webhook(client, "captured", open_payment().id)
    assert refused(f"UPDATE payments_payment SET {change}")


@pytest.mark.django_db
def test_failed_row_becomes_captured_only_beside_a_proof(client: Client) -> None:
    payment = open_payment()
    webhook(client, "failed", payment.id)
    move = "UPDATE payments_payment SET status = 'captured', captured_amount = amount, failure_reason = ''"
    assert refused(move)
    assert refused("UPDATE payments_payment SET status = 'authorized', hold = 'h', failure_reason = ''")
    db.execute(
        """INSERT INTO payments_fact (provider, kind, reference, payment_id, hold, reason, source, recorded_at)
           VALUES ('bank', 'capture_proven', 't', %s, '', '', 'asked', now())""",
        [payment.id],
    )
    assert not refused(move)


@pytest.mark.django_db
def test_reference_has_one_live_and_one_captured_payment(client: Client) -> None:
    first = open_payment()
    with pytest.raises(IntegrityError), transaction.atomic():
        open_payment(reference=first.reference)
    webhook(client, "captured", first.id, transaction="t-1")
    second = open_payment(reference=first.reference)
    assert refused(
        "UPDATE payments_payment SET status = 'captured', captured_amount = amount WHERE id = %s", [second.id]
    )


@pytest.mark.parametrize("amount", [0, -1, 10**15 + 1])
@pytest.mark.django_db
def test_amount_out_of_bounds_is_refused(amount: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        open_payment(amount=amount)


@pytest.mark.django_db
def test_currency_and_capture_are_checked() -> None:
    for wrong in ({"currency": "bdt"}, {"currency": "B"}, {"capture": "later"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            open_payment(**wrong)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_facts_and_counted_refunds_are_append_only(client: Client) -> None:
    payment = open_payment()
    webhook(client, "captured", payment.id)
    webhook(client, "refunded", payment.id, amount=5)
    for table in ("payments_fact", "payments_refund"):
        assert refused(f"UPDATE {table} SET amount = 1")
        assert refused(f"DELETE FROM {table}")


@pytest.mark.django_db
def test_fact_is_kept_once(client: Client) -> None:
    webhook(client, "captured", open_payment().id)
    assert refused(
        """INSERT INTO payments_fact (provider, kind, reference, payment_id, hold, amount, reason, source, recorded_at)
           SELECT provider, kind, reference, payment_id, hold, amount, reason, source, now() FROM payments_fact"""
    )


def test_operations_move_forward_only_and_one_of_a_kind_lives(twin: BankTwin) -> None:
    payment = open_payment(capture="manual")
    call()
    assert refused("UPDATE payments_operation SET status = 'due', finished_at = NULL")
    assert refused("UPDATE payments_operation SET status = 'calling', finished_at = NULL")
    payments.request_capture(reference=payment.reference)
    copy = """INSERT INTO payments_operation (id, payment_id, provider, kind, status, amount, attempts, due_at, outcome,
                                              transaction, created_at)
              VALUES (%s, %s, 'bank', %s, 'due', 1, 0, now(), '', '', now())"""
    assert refused(copy, [new_id(), payment.id, "capture"])
    assert refused(copy, [new_id(), payment.id, "release"])
    assert refused(copy, [new_id(), payment.id, "gift"])
    assert refused(copy, [new_id(), payment.id, "refund"])
    assert not refused(copy, [new_id(), payment.id, "retrieve"])


def test_capture_and_release_at_once_are_one_of_them(twin: BankTwin) -> None:
    payment = open_payment(capture="manual")
    call()
    payments.request_release(reference=payment.reference)
    with pytest.raises(payments.PaymentNotCapturable):
        payments.request_capture(reference=payment.reference)


# --- audits ---------------------------------------------------------------------------------------------------------


def findings() -> set[str]:
    """The titles of the audits about payments that find something."""
    return {each.title for each in audits.checks() if "payments_" in each.sql and db.rows(each.sql)}


def test_audits_are_clean_after_the_pipeline(client: Client, twin: BankTwin) -> None:
    payment = open_payment()
    call()
    payments.request_refund(reference=payment.reference, refund_id=new_id(), amount=700)
    call()
    webhook(client, "failed", payment.id)
    webhook(client, "refunded", payment.id, amount=300, transaction="t-abroad")
    open_payment()
    assert findings() == set()


@pytest.fixture
def unguarded(client: Client) -> Iterator[None]:
    """A captured payment in tables without triggers, checks and unique indexes."""
    webhook(client, "captured", open_payment().id)
    with transaction.atomic():
        db.execute("SET LOCAL session_replication_role = replica")
        names = db.rows(
            """SELECT conrelid::regclass::text AS name, conname FROM pg_constraint
               WHERE contype IN ('c', 'u') AND conrelid::regclass::text LIKE 'payments%%'"""
        )
        for each in names:
            db.execute(f"ALTER TABLE {each['name']} DROP CONSTRAINT {each['conname']}")
        db.execute("DROP INDEX payments_payment_one_captured")
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("code", "planted"),
    [
        ("P1", "UPDATE payments_payment SET amount = 0"),
        ("P2", "UPDATE payments_payment SET refund_reserved = 3000"),
        ("P2", "UPDATE payments_payment SET refunded_amount = 3"),
        ("P3", "UPDATE payments_payment SET status = 'authorized'"),
        (
            "P7",
            "INSERT INTO payments_payment SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid()))).* "
            "FROM payments_payment AS p",
        ),
        ("P8", "DELETE FROM payments_fact"),
        (
            "P8",
            "INSERT INTO payments_fact SELECT (jsonb_populate_record(f, '{\"id\": 99999}')).* FROM payments_fact AS f",
        ),
        ("P9", "DELETE FROM payments_operation"),
        ("P9", "UPDATE payments_operation SET status = 'calling', due_at = now() - interval '1 hour'"),
        (
            "P10",
            "INSERT INTO payments_anomaly (provider, kind, subject, payment_id, evidence, state, created_at) "
            "SELECT 'bank', 'captured-after-failed', id::text, id, '{}', 'open', now() FROM payments_payment",
        ),
        (
            "E2",
            "INSERT INTO payments_webhookmessage "
            "SELECT (jsonb_populate_record(m, '{\"id\": 99999}')).* FROM payments_webhookmessage AS m",
        ),
    ],
)
def test_audit_finds_what_was_planted(unguarded: None, code: str, planted: str) -> None:
    assert findings() == set()
    with connection.cursor() as cursor:
        cursor.execute(planted)
    found = {each.code for each in audits.checks() if "payments_" in each.sql and db.rows(each.sql)}
    assert code in found


def test_gauges_tell_from_the_tables(client: Client) -> None:
    payment = open_payment()
    webhook(client, "captured", payment.id, amount=1, transaction="t-wrong")
    webhook(client, "captured", payment.id)
    webhook(client, "captured", payment.id)
    webhook(client, "captured", payment.id, process=False)
    assert dict(gauges.webhooks()) == {
        ("bank", "mismatched"): 1,
        ("bank", "recorded"): 1,
        ("bank", "repeated"): 1,
        ("bank", "waiting"): 1,
    }
    assert dict(gauges.anomalies()) == {("amount-mismatch",): 1}
    assert dict(gauges.due()) == {("bank",): 0}
    open_payment()
    assert dict(gauges.due()) == {("bank",): 1}
