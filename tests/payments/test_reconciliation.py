"""What got lost is found: by asking about what does not settle, and by reading the provider's event list."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.payments import interface as payments
from apps.payments.services.read_events import OVERLAP, read_events
from apps.payments.services.reconcile import reconcile_stuck
from apps.platform import db
from apps.platform.schedule import entries
from tests.payments.support import anomalies, call, events, open_payment, operations, state_of, webhook
from tests.support.bank_twin import BankTwin

pytestmark = pytest.mark.django_db(transaction=True)


def let_pass(interval: str) -> None:
    """Move the payments into the past."""
    db.execute(
        "UPDATE payments_payment SET check_at = check_at - %s::interval, updated_at = updated_at - %s::interval",
        [interval, interval],
    )


def stuck_payment(twin: BankTwin) -> payments.NewPayment:
    """Captured at the bank, processing for us, and the webhook never comes."""
    twin.script("capture", "processing")
    payment = open_payment()
    call()
    assert state_of(payment).status == "authorized"
    return payment


def test_stuck_payment_is_asked_about_and_settles(twin: BankTwin) -> None:
    payment = stuck_payment(twin)
    assert reconcile_stuck() == 0, "45 seconds are not over"
    let_pass("46 seconds")
    assert reconcile_stuck() == 1
    assert reconcile_stuck() == 0
    call()
    assert state_of(payment).status == "captured"
    assert events(payment.id) == {"payment.authorized": 1, "payment.captured": 1}
    let_pass("1 hour")
    assert reconcile_stuck() == 0


def test_payment_stuck_for_long_is_flagged_until_it_settles(client: Client, twin: BankTwin) -> None:
    payment = stuck_payment(twin)
    let_pass("11 minutes")
    reconcile_stuck()
    assert anomalies(payment.id) == ["stuck"]
    call()
    assert state_of(payment).status == "captured"
    assert db.rows("SELECT resolved_at IS NOT NULL AS is_resolved FROM payments_anomaly") == [{"is_resolved": True}]


def test_settled_and_waiting_payments_are_left_alone(twin: BankTwin) -> None:
    open_payment()
    manual = open_payment(capture="manual")
    call()
    let_pass("1 day")
    assert reconcile_stuck() == 0
    payments.request_release(reference=manual.reference)
    let_pass("46 seconds")
    assert reconcile_stuck() == 1


def test_payment_whose_call_is_in_the_queue_is_not_asked_about_on_top(twin: BankTwin) -> None:
    payment = open_payment()
    let_pass("46 seconds")
    assert reconcile_stuck() == 1
    assert operations(payment.id) == [("authorize", "due", 0)]


def test_event_list_brings_what_no_webhook_did(twin: BankTwin) -> None:
    payment = stuck_payment(twin)
    hold = twin.hold_of(payment.id)
    told = {"payment": str(payment.id), "hold": hold.id, "amount": 2500, "currency": "BDT"}
    twin.tell("payment.authorized", told | {"transaction": hold.id})
    twin.tell("payment.captured", told | {"transaction": hold.transactions[0]["id"]})
    twin.tell("payout.sent", {})
    twin.tell("payment.captured", {"payment": "nobody"})
    assert read_events() == 4
    assert state_of(payment).status == "captured"
    assert operations(payment.id)[-1] == ("capture", "done", 1)
    assert anomalies(payment.id) == []
    read_events()
    assert events(payment.id) == {"payment.authorized": 1, "payment.captured": 1}


def test_event_that_showed_late_is_still_read(twin: BankTwin) -> None:
    payment = open_payment()
    told = {"payment": str(payment.id), "hold": "h", "transaction": "t", "amount": 2500, "currency": "BDT"}
    for _ in range(150):
        twin.tell("payout.sent", {})
    late = twin.events.pop(40)
    assert read_events() == 149
    twin.events.insert(40, late | {"type": "payment.captured", "data": told})
    for _ in range(OVERLAP // 2):
        twin.tell("payout.sent", {})
    twin.events[-1]["seq"] = twin.events[-2]["seq"] + 1
    read_events()
    assert state_of(payment).status == "captured"


def test_event_list_goes_on_where_it_stopped(twin: BankTwin) -> None:
    for _ in range(OVERLAP + 250):
        twin.tell("payout.sent", {})
    assert read_events() == OVERLAP + 250
    twin.tell("payout.sent", {})
    assert read_events() == OVERLAP + 1


def test_event_list_of_a_provider_that_is_away_is_for_the_next_run(settings) -> None:  # type: ignore[no-untyped-def]
    settings.BANK = {**settings.BANK, "URL": "http://127.0.0.1:1"}
    assert read_events() == 0


def test_jobs_are_on_the_timetable() -> None:
    timetable = {
        each.task: (each.seconds, each.once_per_slot) for each in entries() if each.task.startswith("payments.")
    }
    assert timetable == {
        "payments.call_providers": (1, False),
        "payments.keep_approvals": (10, False),
        "payments.process_webhooks": (1, False),
        "payments.reconcile_stuck": (60, True),
        "payments.read_events": (600, True),
    }


def test_stuck_payment_settles_by_webhook_too(client: Client, twin: BankTwin) -> None:
    payment = stuck_payment(twin)
    hold = twin.hold_of(payment.id)
    webhook(client, "captured", payment.id, hold=hold.id, transaction=hold.transactions[0]["id"])
    assert operations(payment.id)[-1] == ("capture", "done", 1)
    assert call(2) == 0
