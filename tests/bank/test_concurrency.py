"""Crowds at one account and one hold. Each test has its control: the same crowd with the guard off does the harm."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from uuid import UUID

import pytest

from apps.bank import errors
from apps.bank import interface as bank
from apps.platform import db
from apps.platform.ids import new_id

from .support import committing, counted, crowd, held, violations

pytestmark = committing


@pytest.fixture
def account(transactional_db: None) -> str:
    return bank.open_account(currency="BDT", balance=5000).number


@pytest.fixture
def _overdraft_allowed(transactional_db: None) -> Iterator[None]:
    db.execute("ALTER TABLE bank_balance DROP CONSTRAINT bank_never_overdrawn", using="bank")
    yield
    db.execute("TRUNCATE bank_balance", using="bank")
    db.execute(
        "ALTER TABLE bank_balance ADD CONSTRAINT bank_never_overdrawn CHECK (held >= 0 AND held <= balance)",
        using="bank",
    )


@pytest.fixture
def _second_end_allowed(transactional_db: None) -> Iterator[None]:
    db.execute("DROP INDEX bank_hold_ends_once", using="bank")
    yield
    db.execute("TRUNCATE bank_transaction", using="bank")
    db.execute(
        """CREATE UNIQUE INDEX bank_hold_ends_once ON bank_transaction (hold_id)
           WHERE kind IN ('capture', 'release')""",
        using="bank",
    )


def test_twenty_holds_drain_an_account_and_no_more(account: str):
    holds = crowd(20, lambda _: held(account, 1000).status)
    assert sorted(map(str, holds)) == ["authorized"] * 5 + ["declined"] * 15
    assert counted(account) == (5000, 5000)
    assert violations() == {}


@pytest.mark.usefixtures("_overdraft_allowed")
def test_control_looking_first_overdraws(account: str):
    looked = threading.Barrier(20)

    def look_then_hold(_: int) -> None:
        has, holds = counted(account)
        looked.wait(timeout=20)
        if has - holds >= 1000:
            db.execute("UPDATE bank_balance SET held = held + 1000 WHERE account_id = %s", [account], using="bank")

    crowd(20, look_then_hold)
    assert counted(account) == (5000, 20_000)
    assert "B2" in violations()


def test_two_captures_and_a_release_end_a_hold_once(account: str):
    hold = held(account, 1000)

    def end(index: int) -> str:
        if index == 2:
            return bank.release(authorization_id=hold.id, key=None).authorization.status
        return bank.capture(authorization_id=hold.id, amount=None, key=f"key-{index}").authorization.status

    ended = crowd(3, end)
    assert sum(isinstance(each, str) for each in ended) == 1
    assert sum(isinstance(each, errors.HoldNotCapturable) for each in ended) == 2
    assert counted(account) in [(4000, 0), (5000, 0)]
    assert violations() == {}


@pytest.mark.usefixtures("_second_end_allowed")
def test_control_without_lock_and_index_a_hold_ends_twice(account: str):
    hold = held(account, 1000)
    looked = threading.Barrier(2)

    def look_then_capture(_: int) -> None:
        is_open = bank.get_authorization(authorization_id=hold.id).status == "authorized"
        looked.wait(timeout=20)
        if is_open:
            _write_capture(hold.id)

    crowd(2, look_then_capture)
    assert len(bank.get_authorization(authorization_id=hold.id).transactions) == 2
    assert "B3" in violations()


def test_one_key_twenty_times_at_once_captures_once(account: str):
    hold = held(account, 1000)
    moved = crowd(20, lambda _: bank.capture(authorization_id=hold.id, amount=None, key="one").transaction)
    assert len(set(moved)) == 1
    assert counted(account) == (4000, 0)


def test_one_key_on_two_holds_at_once_moves_one(account: str):
    holds = [held(account, 1000), held(account, 1000)]
    moved = crowd(2, lambda index: bank.capture(authorization_id=holds[index].id, amount=None, key="one").status)
    assert sorted(type(each).__name__ for each in moved) == ["IdempotencyKeyReused", "str"]
    assert counted(account) == (4000, 1000)


def test_one_reference_at_once_is_one_hold(account: str):
    reference = new_id()
    holds = crowd(10, lambda _: held(account, 1000, reference).id)
    assert len(set(holds)) == 1
    assert counted(account) == (5000, 1000)


def test_refunds_at_once_stay_within_the_capture(account: str):
    hold = held(account, 1000)
    bank.capture(authorization_id=hold.id, amount=None, key=None)
    given = crowd(8, lambda _: bank.refund(authorization_id=hold.id, amount=300, key=None).status)
    assert sum(each == "succeeded" for each in given) == 3
    assert counted(account) == (4900, 0)
    assert violations() == {}


def test_events_of_a_crowd_are_numbered_without_a_gap(account: str):
    crowd(10, lambda _: held(account, 1000))
    numbers = [each.seq for each in bank.list_events(after=0, page_size=100)]
    assert numbers == list(range(numbers[0], numbers[0] + 10))


def _write_capture(hold_id: UUID) -> None:
    db.execute(
        """INSERT INTO bank_transaction (id, hold_id, kind, amount, created_at)
           VALUES (%s, %s, 'capture', 1000, now())""",
        [new_id(), hold_id],
        using="bank",
    )
