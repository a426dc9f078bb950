"""A provider that hangs, fails, answers half or wrong; a worker that dies. Nobody is charged twice, nothing is guessed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.db import connection, transaction

from apps.payments import interface as payments
from apps.payments.services.call_providers import call_providers, finish_calls
from apps.payments.services.carry_out import carry_out
from apps.payments.services.claim import claim
from apps.payments.services.record_attempts import record_attempts
from apps.platform import db
from tests.payments.support import anomalies, call, events, eventually, hurry, open_payment, operations, state_of
from tests.support.bank_twin import BankTwin

pytestmark = pytest.mark.django_db(transaction=True)


def captures_at_the_bank(twin: BankTwin, payment: payments.NewPayment) -> list[int]:
    return [each["amount"] for each in twin.hold_of(payment.id).transactions if each["kind"] == "capture"]


@pytest.mark.parametrize("verb", ["authorize", "capture"])
@pytest.mark.parametrize("how", ["drop", "half", "garbage", "503", "late-503"])
def test_no_answer_is_unknown_and_asked_before_repeating(twin: BankTwin, verb: str, how: str) -> None:
    twin.script(verb, how)
    payment = open_payment()
    call()
    assert state_of(payment).status == ("pending" if verb == "authorize" else "authorized")
    assert operations(payment.id)[-1] == (verb, "unknown", 1)
    before = twin.count(verb)
    call(3)
    assert state_of(payment).status == "captured"
    assert captures_at_the_bank(twin, payment) == [2500]
    was_done = how != "503"
    assert twin.count(verb) - before == (0 if was_done else 1), "what was done is found by asking, not repeated"
    assert ("retrieve", str(payment.id)) in twin.calls
    assert events(payment.id) == {"payment.authorized": 1, "payment.captured": 1}
    assert anomalies() == []


def test_hanging_call_times_out_as_unknown_and_holds_nobody_up(twin: BankTwin) -> None:
    twin.script("authorize", "hang")
    slow = open_payment()
    caller = threading.Thread(target=_call_in_thread)
    caller.start()
    eventually(lambda: twin.count("authorize") == 1)
    quick = [open_payment() for _ in range(20)]
    call_providers(seconds=20, patience=2)
    # The other caller may have taken some of them: they too are captured while the slow one still hangs.
    eventually(lambda: {state_of(each).status for each in quick} == {"captured"})
    assert state_of(slow).status == "pending"
    caller.join(30)
    assert operations(slow.id) == [("authorize", "unknown", 1)]
    twin.release_hanging()
    call(3)
    assert captures_at_the_bank(twin, slow) == [2500]


def _call_in_thread() -> None:
    try:
        call_providers(seconds=20, patience=10)
    finally:
        connection.close()


def test_run_leaves_a_hanging_call_behind_and_its_answer_is_still_recorded(twin: BankTwin) -> None:
    twin.script("authorize", "hang")
    payment = open_payment()
    assert call_providers(seconds=20, patience=0.1) == 0
    twin.release_hanging()
    assert finish_calls()
    assert operations(payment.id) == [("authorize", "unknown", 1)]
    call(3)
    assert captures_at_the_bank(twin, payment) == [2500]


def test_503_three_times_is_only_later(twin: BankTwin) -> None:
    twin.script("authorize", "503", "503", "503")
    payment = open_payment()
    call(5)
    assert state_of(payment).status == "captured"


def test_wrong_amount_in_an_answer_is_flagged_and_moves_nothing(twin: BankTwin) -> None:
    twin.script("authorize", "wrong-amount")
    payment = open_payment()
    call(2)
    assert state_of(payment).status == "pending"
    assert anomalies(payment.id) == ["amount-mismatch"]


def test_wrong_amount_in_a_capture_is_flagged_and_moves_nothing(twin: BankTwin) -> None:
    twin.script("capture", "wrong-amount")
    payment = open_payment()
    call()
    assert (state_of(payment).status, state_of(payment).captured_amount) == ("authorized", 0)
    assert anomalies(payment.id) == ["amount-mismatch"]


def test_processing_is_asked_about_later(twin: BankTwin) -> None:
    twin.script("capture", "processing")
    payment = open_payment()
    call()
    assert operations(payment.id)[-1] == ("capture", "unknown", 1)
    [row] = db.rows(
        "SELECT due_at > statement_timestamp() + interval '40 seconds' AS is_late FROM payments_operation "
        "WHERE kind = 'capture'"
    )
    assert row["is_late"]
    call(2)
    assert state_of(payment).status == "captured"
    assert captures_at_the_bank(twin, payment) == [2500]


def test_provider_that_is_away_fails_nobody(settings: Any) -> None:
    settings.BANK = {**settings.BANK, "URL": "http://127.0.0.1:1"}
    payment = open_payment()
    call(4)
    assert state_of(payment).status == "pending"
    assert operations(payment.id) == [("authorize", "unknown", 4)]


@pytest.mark.parametrize("was_done", [True, False])
def test_operation_of_a_dead_worker_goes_on_by_asking(twin: BankTwin, was_done: bool) -> None:
    payment = open_payment()
    [lost] = claim("bank", limit=10)
    if was_done:
        body = {"account": "a", "amount": 2500, "currency": "BDT", "reference": str(payment.id)}
        twin.answer("authorize", "", body, str(lost.id))
    call()
    assert operations(payment.id) == [("authorize", "calling", 1)], "the lease still runs"
    db.execute("UPDATE payments_operation SET due_at = statement_timestamp()")
    call(2)
    assert state_of(payment).status == "captured"
    assert twin.count("authorize") == 1
    assert captures_at_the_bank(twin, payment) == [2500]


_WORKER = """
import os, sys
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.BANK["URL"] = sys.argv[2]
from apps.payments.services.call_providers import call_providers, finish_calls
call_providers(seconds=20, patience=20)
"""


@pytest.mark.parametrize("verb", ["authorize", "capture"])
def test_worker_killed_in_the_middle_of_a_call_charges_once(twin: BankTwin, verb: str) -> None:
    twin.script(verb, "hang")
    payment = open_payment()
    name = str(connection.settings_dict["NAME"])
    worker = subprocess.Popen(
        [sys.executable, "-c", _WORKER, name, twin.url], env=os.environ | {"PYTHONPATH": os.getcwd()}
    )
    eventually(lambda: twin.count(verb) == 1, seconds=30)
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    twin.release_hanging()
    assert operations(payment.id)[-1] == (verb, "calling", 1)
    db.execute("UPDATE payments_operation SET due_at = statement_timestamp() WHERE status = 'calling'")
    call(2)
    assert state_of(payment).status == "captured"
    assert twin.count(verb) == 1
    assert captures_at_the_bank(twin, payment) == [2500]
    assert events(payment.id) == {"payment.authorized": 1, "payment.captured": 1}


def test_late_answer_of_a_lost_lease_ends_nothing_twice(twin: BankTwin) -> None:
    payment = open_payment(capture="manual")
    [lost] = claim("bank", limit=1)
    db.execute("UPDATE payments_operation SET due_at = statement_timestamp()")
    call()
    record_attempts([carry_out(lost)])
    assert operations(payment.id) == [("authorize", "done", 2)]
    assert events(payment.id) == {"payment.authorized": 1}


def test_late_answer_ends_no_attempt_but_its_own(twin: BankTwin) -> None:
    """The lease ran out while the first call went on, and somebody else is calling now."""
    payment = open_payment(capture="manual")
    [late] = claim("bank", limit=1)
    db.execute("UPDATE payments_operation SET due_at = statement_timestamp()")
    [own] = claim("bank", limit=1)
    record_attempts([carry_out(late)])
    assert operations(payment.id) == [("authorize", "calling", 2)]
    record_attempts([carry_out(own)])
    assert operations(payment.id) == [("authorize", "done", 2)]
    assert events(payment.id) == {"payment.authorized": 1}


def test_no_call_inside_a_transaction(twin: BankTwin) -> None:
    open_payment()
    with transaction.atomic(), pytest.raises(RuntimeError):
        call_providers()
    with transaction.atomic(), pytest.raises(RuntimeError):
        claim("bank", limit=1)
    assert twin.calls == []


def test_intent_is_committed_before_the_call_and_carries_its_key(twin: BankTwin) -> None:
    open_payment()
    call()
    known = {str(row["id"]) for row in db.rows("SELECT id FROM payments_operation")}
    assert {key for verb, key in twin.calls if verb != "retrieve"} == known


def test_two_workers_at_once_call_each_operation_once(twin: BankTwin) -> None:
    paid = [open_payment() for _ in range(60)]
    threads = [threading.Thread(target=_call_in_thread) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    hurry()
    call()
    assert {state_of(each).status for each in paid} == {"captured"}
    keys = [key for verb, key in twin.calls if verb != "retrieve"]
    assert len(keys) == len(set(keys)) == 120


def test_control_without_the_lease_operations_are_claimed_twice() -> None:
    open_payment()
    assert len(claim("bank", limit=1)) == 1
    assert claim("bank", limit=1) == []
    db.execute("UPDATE payments_operation SET due_at = statement_timestamp()")
    assert len(claim("bank", limit=1)) == 1
