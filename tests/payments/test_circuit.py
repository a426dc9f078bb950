"""The breaker judges the provider: it opens when most calls fail, probes after a pause, and nobody is failed by it."""

from __future__ import annotations

import pytest

from apps.payments import gauges
from apps.payments.services import circuit
from apps.payments.services.circuit import begin_probe, count_calls
from apps.platform import db
from tests.payments.support import call, hurry, open_payment, operations, state_of
from tests.support.bank_twin import BankTwin

pytestmark = pytest.mark.django_db(transaction=True)


def state() -> str:
    [row] = db.rows("SELECT state FROM payments_providercircuit WHERE provider = 'bank'")
    return str(row["state"])


def end_the_pause() -> None:
    db.execute("UPDATE payments_providercircuit SET until = statement_timestamp() WHERE state <> 'closed'")


def open_the_circuit(twin: BankTwin) -> None:
    twin.always("authorize", "503")
    for _ in range(circuit.FAULTS):
        open_payment()
    call()
    assert state() == "open"


def test_circuit_opens_when_most_calls_fail_and_postpones(twin: BankTwin) -> None:
    open_the_circuit(twin)
    called = len(twin.calls)
    waiting = open_payment()
    hurry()
    assert call() == 0
    assert len(twin.calls) == called
    assert operations(waiting.id) == [("authorize", "due", 0)]
    assert gauges.circuits() == [(("bank",), 2.0)]


def test_circuit_closes_after_an_answered_probe_and_all_goes_on(twin: BankTwin) -> None:
    open_the_circuit(twin)
    twin.always("authorize", "")
    waiting = open_payment()
    end_the_pause()
    call(3)
    assert state() == "closed"
    assert state_of(waiting).status == "captured"
    assert gauges.circuits() == [(("bank",), 0.0)]
    assert db.rows("SELECT DISTINCT status FROM payments_payment") == [{"status": "captured"}]


def test_probe_that_fails_opens_again_for_longer(twin: BankTwin) -> None:
    open_the_circuit(twin)
    hurry()
    called = len(twin.calls)
    end_the_pause()
    call()
    assert state() == "open"
    assert 0 < len([each for each in twin.calls[called:] if each[0] == "authorize"]) <= circuit.PROBES
    [row] = db.rows(
        "SELECT openings, until > statement_timestamp() + interval '2.5 seconds' AS is_longer "
        "FROM payments_providercircuit"
    )
    assert row == {"openings": 2, "is_longer": True}


def test_probe_is_let_through_for_one_worker(twin: BankTwin) -> None:
    open_the_circuit(twin)
    hurry()
    end_the_pause()
    assert begin_probe("bank")
    assert gauges.circuits() == [(("bank",), 1.0)]
    assert not begin_probe("bank")
    end_the_pause()
    assert begin_probe("bank"), "the worker that probed has died"


def test_probe_waits_for_something_to_probe_with(twin: BankTwin) -> None:
    open_the_circuit(twin)
    end_the_pause()
    db.execute("UPDATE payments_operation SET due_at = statement_timestamp() + interval '1 hour'")
    assert not begin_probe("bank")
    assert state() == "open"


def test_probe_takes_what_has_not_failed_yet(twin: BankTwin) -> None:
    open_the_circuit(twin)
    twin.always("authorize", "")
    fresh = open_payment()
    hurry()
    db.execute("UPDATE payments_operation SET due_at = due_at - interval '1 minute' WHERE attempts > 0")
    end_the_pause()
    call()
    assert state_of(fresh).status == "captured"


def test_single_bad_accounts_do_not_open_it(twin: BankTwin) -> None:
    twin.script("authorize", *["503"] * (circuit.FAULTS + 5))
    bad = [open_payment() for _ in range(circuit.FAULTS + 5)]
    count_calls([("bank", False)] * circuit.FAULTS * 3)
    call(3)
    assert state() == "closed"
    assert {state_of(each).status for each in bad} == {"captured"}


def test_declines_do_not_open_it(twin: BankTwin) -> None:
    twin.always("authorize", "decline")
    for _ in range(circuit.FAULTS * 2):
        open_payment()
    call()
    assert state() == "closed"


def test_old_faults_are_forgotten() -> None:
    count_calls([("bank", True)] * (circuit.FAULTS - 1))
    db.execute("UPDATE payments_providercircuit SET window_start = window_start - interval '1 minute'")
    count_calls([("bank", True)] * (circuit.FAULTS - 1))
    assert state() == "closed"
    count_calls([("bank", True)])
    assert state() == "open"
