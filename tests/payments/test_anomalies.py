"""What a person must decide: the queue, its actions, and findings that a later truth settles."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from apps.accounts import interface as accounts
from apps.outbox import interface as outbox
from apps.payments import interface as payments
from apps.payments.errors import ActionNotPossible
from apps.payments.services.reconcile import reconcile_stuck
from apps.platform import db
from apps.platform.actors import Actor
from apps.platform.errors import Invalid
from apps.platform.ids import new_id
from tests.payments.support import call, open_payment, operations, state_of, webhook
from tests.support.bank_twin import BankTwin

pytestmark = pytest.mark.django_db(transaction=True)


def only(state: str | None = "open") -> payments.Anomaly:
    [found] = payments.list_anomalies(state=state).results
    return payments.get_anomaly(anomaly_id=found.id)


def captured_after_failed(client: Client, twin: BankTwin) -> payments.NewPayment:
    payment = open_payment()
    webhook(client, "failed", payment.id)
    twin.answer("authorize", "", {"account": "a", "amount": 2500, "currency": "BDT", "reference": str(payment.id)}, "k")
    hold = twin.hold_of(payment.id)
    hold.move("capture", 2500, "k2")
    webhook(client, "captured", payment.id, hold=hold.id, transaction=hold.transactions[0]["id"])
    call()
    assert state_of(payment).status == "captured"
    return payment


def test_finding_shows_reason_evidence_and_actions(client: Client, twin: BankTwin, sam: Actor) -> None:
    payment = captured_after_failed(client, twin)
    found = only()
    assert (found.kind, found.payment_id, found.reference) == (
        "captured-after-failed",
        payment.id,
        payment.reference,
    )
    assert found.actions == ("accept", "refund", "dismiss")
    assert found.evidence["transactions"]
    assert "proven" in found.reason
    accepted = payments.decide_anomaly(anomaly_id=found.id, action="accept", by=sam, note="Seen on the statement.")
    assert (accepted.state, accepted.actions) == ("resolved", ())
    [line] = accepted.decisions
    assert (line.action, line.by_id, line.by_kind, line.note) == (
        "accept",
        sam.user_id,
        "user",
        "Seen on the statement.",
    )
    assert payments.open_anomalies() == {}
    outbox.drain()
    [trail] = accounts.list_actions(action="anomaly.accept")
    assert (trail.actor_id, trail.subject_id, trail.detail["kind"]) == (
        sam.user_id,
        str(found.id),
        "captured-after-failed",
    )


def test_large_refund_is_not_one_persons_to_decide(client: Client, twin: BankTwin, sam: Actor, settings: Any) -> None:
    settings.REFUND_APPROVAL_ABOVE = {"BDT": 2499}
    captured_after_failed(client, twin)
    found = only()
    assert found.actions == ("accept", "dismiss")
    with pytest.raises(ActionNotPossible):
        payments.decide_anomaly(anomaly_id=found.id, action="refund", by=sam)


def test_refund_is_asked_for_once_and_paid_back(client: Client, twin: BankTwin, sam: Actor) -> None:
    payment = captured_after_failed(client, twin)
    found = only()
    for _ in range(2):
        payments.decide_anomaly(anomaly_id=found.id, action="refund", by=sam)
    call(2)
    assert state_of(payment).refunded_amount == 2500
    assert [kind for kind, *_ in operations(payment.id)].count("refund") == 1
    assert len(only(state=None).decisions) == 1
    with pytest.raises(payments.AnomalyClosed):
        payments.decide_anomaly(anomaly_id=found.id, action="accept", by=sam)


def test_asking_leaves_it_open_until_the_provider_confirms(client: Client, twin: BankTwin, sam: Actor) -> None:
    payment = open_payment()
    call()
    assert state_of(payment).status == "captured"
    webhook(client, "failed", payment.id, transaction="t-late")
    found = only()
    assert found.kind == "failed-after-captured"
    for _ in range(2):
        asked = payments.decide_anomaly(anomaly_id=found.id, action="ask", by=sam)
    assert asked.state == "open"
    assert [line.action for line in asked.decisions] == ["ask"]
    call()
    settled = only(state=None)
    assert (settled.state, [line.action for line in settled.decisions]) == ("resolved", ["ask", "settle"])
    with pytest.raises(payments.AnomalyClosed):
        payments.decide_anomaly(anomaly_id=found.id, action="dismiss", by=sam)


def test_asking_settles_a_repeat_of_what_was_proven_before(client: Client, twin: BankTwin, sam: Actor) -> None:
    payment = captured_after_failed(client, twin)
    webhook(client, "released", payment.id, transaction="t-later")
    [found] = payments.list_anomalies(kind="released-after-captured").results
    payments.decide_anomaly(anomaly_id=found.id, action="ask", by=sam)
    call()
    assert payments.get_anomaly(anomaly_id=found.id).state == "resolved"


def test_wrong_amount_settles_when_the_same_is_told_rightly(client: Client, twin: BankTwin) -> None:
    twin.script("capture", "wrong-amount")
    payment = open_payment()
    call()
    assert {each.kind for each in payments.list_anomalies().results} == {"amount-mismatch"}
    transaction_id = twin.hold_of(payment.id).transactions[0]["id"]
    webhook(client, "captured", payment.id, hold=twin.hold_of(payment.id).id, transaction=transaction_id)
    assert state_of(payment).status == "captured"
    assert payments.open_anomalies() == {}


def test_stuck_settles_by_itself_and_stuck_again_is_new(client: Client, twin: BankTwin) -> None:
    twin.script("capture", "processing")
    payment = open_payment()
    call()
    age = """UPDATE payments_payment SET check_at = check_at - interval '11 minutes',
             updated_at = updated_at - interval '11 minutes'"""
    db.execute(age)
    reconcile_stuck()
    assert only().actions == ("ask", "dismiss")
    call()
    assert (state_of(payment).status, payments.open_anomalies()) == ("captured", {})
    twin.script("refund", "processing")
    payments.request_refund(reference=payment.reference, refund_id=new_id(), amount=100)
    call()
    db.execute(age)
    reconcile_stuck()
    assert payments.open_anomalies() == {"stuck": 1}


def test_what_makes_no_sense_is_refused(client: Client, twin: BankTwin, sam: Actor) -> None:
    webhook(client, "captured", new_id())
    found = only()
    assert (found.kind, found.actions, found.reference) == ("unknown-payment", ("accept", "dismiss"), None)
    for action in ("refund", "ask", "settle", "burn"):
        with pytest.raises(payments.ActionNotPossible):
            payments.decide_anomaly(anomaly_id=found.id, action=action, by=sam)
    with pytest.raises(payments.AnomalyNotFound):
        payments.decide_anomaly(anomaly_id=0, action="dismiss", by=sam)
    with pytest.raises(Invalid):
        payments.decide_anomaly(anomaly_id=found.id, action="dismiss", by=sam, note="x" * 501)
    assert only().decisions == ()


def test_queue_is_read_page_by_page_both_ways(client: Client) -> None:
    for place in range(5):
        webhook(client, "captured", new_id(), transaction=f"t-{place}")
    first = payments.list_anomalies(page_size=2)
    second = payments.list_anomalies(page_size=2, cursor=first.next_cursor)
    third = payments.list_anomalies(page_size=2, cursor=second.next_cursor)
    ids = [each.id for page in (first, second, third) for each in page.results]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 5
    assert (first.previous_cursor, third.next_cursor) == (None, None)
    assert payments.list_anomalies(page_size=2, cursor=third.previous_cursor).results == second.results
    with pytest.raises(Invalid):
        payments.list_anomalies(cursor="nonsense")


def test_the_rows_refuse_what_a_decision_may_not_do(client: Client, sam: Actor) -> None:
    webhook(client, "captured", new_id())
    found = only()
    payments.decide_anomaly(anomaly_id=found.id, action="dismiss", by=sam)
    for sql in (
        "UPDATE payments_anomaly SET state = 'open', resolved_at = NULL",
        "UPDATE payments_anomaly SET state = 'resolved'",
        "UPDATE payments_anomaly SET state = 'gone'",
        "UPDATE payments_anomaly SET resolved_at = NULL",
        "UPDATE payments_anomalydecision SET note = 'other'",
        "DELETE FROM payments_anomalydecision",
        """INSERT INTO payments_anomalydecision (anomaly_id, action, by_kind, note, at)
           SELECT id, 'accept', 'user', '', now() FROM payments_anomaly""",
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            db.execute(sql)
