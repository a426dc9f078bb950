"""Holds, captures, releases, refunds: what each does to the books, and that asking twice does it once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.bank import errors
from apps.bank import interface as bank
from apps.platform import clock
from apps.platform.errors import Invalid
from apps.platform.ids import new_id

from .support import PAYS, counted, events_of, held, on_both, violations

pytestmark = on_both


@pytest.fixture
def account(db: None) -> str:
    return bank.open_account(currency="BDT", balance=5000).number


def test_a_hold_keeps_the_money_and_moves_none(account: str):
    hold = held(account, 2000)
    assert hold.status == "authorized"
    assert counted(account) == (5000, 2000)
    assert len(bank.list_entries(number=account, before=None, page_size=10)[0]) == 1  # the funding
    assert violations() == {}


def test_a_partial_capture_lets_the_rest_go(account: str):
    hold = held(account, 2000)
    moved = bank.capture(authorization_id=hold.id, amount=1500, key="capture-1")
    assert (moved.status, moved.authorization.status, moved.authorization.captured_amount) == (
        "succeeded",
        "captured",
        1500,
    )
    assert counted(account) == (3500, 0)
    newest = bank.list_entries(number=account, before=None, page_size=1)[0][0]
    assert (newest.debit, newest.credit, newest.amount, newest.transaction) == (
        account,
        "merchant",
        1500,
        moved.transaction,
    )
    assert violations() == {}


def test_a_release_gives_the_held_money_free(account: str):
    hold = held(account, 2000)
    assert bank.release(authorization_id=hold.id, key=None).authorization.status == "released"
    assert counted(account) == (5000, 0)
    with pytest.raises(errors.HoldNotCapturable):
        bank.capture(authorization_id=hold.id, amount=None, key=None)
    assert events_of(hold) == ["payment.authorized", "payment.released"]


def test_refunds_end_at_what_was_captured(account: str):
    hold = held(account, 2000)
    bank.capture(authorization_id=hold.id, amount=1000, key=None)
    bank.refund(authorization_id=hold.id, amount=700, key=None)
    with pytest.raises(errors.RefundExceedsCaptured):
        bank.refund(authorization_id=hold.id, amount=301, key=None)
    bank.refund(authorization_id=hold.id, amount=300, key=None)
    assert counted(account) == (5000, 0)
    assert violations() == {}


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_that_is_no_amount_is_refused(account: str, amount: int):
    hold = held(account)
    for refused in (
        lambda: held(account, amount),
        lambda: bank.capture(authorization_id=hold.id, amount=amount, key=None),
        lambda: bank.refund(authorization_id=hold.id, amount=amount, key=None),
    ):
        with pytest.raises(Invalid):
            refused()


def test_more_than_the_hold_is_not_captured(account: str):
    hold = held(account, 1000)
    with pytest.raises(errors.CaptureExceedsHold):
        bank.capture(authorization_id=hold.id, amount=1001, key=None)
    assert counted(account) == (5000, 1000)


def test_what_is_held_cannot_be_held_again(account: str):
    held(account, 4000)
    declined = held(account, 1001)
    assert (declined.status, declined.reason) == ("declined", "insufficient-funds")
    assert isinstance(bank.refusal_of(declined), errors.InsufficientFunds)
    assert events_of(declined) == ["payment.failed"]
    assert counted(account) == (5000, 4000)


def test_a_reference_is_held_once(account: str):
    reference = new_id()
    first = held(account, 1000, reference)
    again, is_new = bank.authorize(account=account, amount=1000, currency="BDT", reference=reference)
    assert (again, is_new) == (first, False)
    assert counted(account) == (5000, 1000)
    with pytest.raises(errors.ReferenceReused):
        held(account, 999, reference)


def test_a_key_moves_money_once(account: str):
    hold = held(account, 1000)
    first = bank.capture(authorization_id=hold.id, amount=1000, key="k1")
    again = bank.capture(authorization_id=hold.id, amount=1000, key="k1")
    assert (again.transaction, first.is_replay, again.is_replay) == (first.transaction, False, True)
    assert counted(account) == (4000, 0)
    given = [bank.refund(authorization_id=hold.id, amount=400, key="k2").transaction for _ in range(3)]
    assert len(set(given)) == 1
    assert counted(account) == (4400, 0)


def test_a_key_of_another_request_is_refused(account: str):
    hold, other = held(account, 1000), held(account, 1000)
    bank.capture(authorization_id=hold.id, amount=1000, key="k1")
    for refused in (
        lambda: bank.capture(authorization_id=hold.id, amount=999, key="k1"),
        lambda: bank.refund(authorization_id=hold.id, amount=1000, key="k1"),
        lambda: bank.capture(authorization_id=other.id, amount=1000, key="k1"),
    ):
        with pytest.raises(errors.IdempotencyKeyReused):
            refused()


def test_a_hold_expires_once_and_tells(account: str):
    hold = held(account, 1000)
    with clock.use(clock.FrozenClock(clock.now() + timedelta(hours=24, seconds=1))):
        with pytest.raises(errors.HoldExpired):  # the job has not come by yet
            bank.capture(authorization_id=hold.id, amount=None, key=None)
        assert (bank.expire_holds(), bank.expire_holds()) == (1, 0)
        with pytest.raises(errors.HoldExpired):
            bank.capture(authorization_id=hold.id, amount=None, key=None)
    assert bank.get_authorization(authorization_id=hold.id).status == "expired"
    assert counted(account) == (5000, 0)
    assert events_of(hold) == ["payment.authorized", "payment.released"]
    assert violations() == {}


def test_a_hold_that_is_young_does_not_expire(account: str):
    held(account)
    with clock.use(clock.FrozenClock(clock.now() + timedelta(hours=23))):
        assert bank.expire_holds() == 0


@pytest.mark.parametrize("currency", ["BDT", "JPY", "KWD"])
def test_a_test_account_pays_in_any_currency(currency: str):
    hold, _ = bank.authorize(account=PAYS, amount=7, currency=currency, reference=new_id())
    bank.capture(authorization_id=hold.id, amount=None, key=None)
    assert violations() == {}


@pytest.mark.parametrize("number", ["", "4000-0000-0000-0099", "4000\x00", "merchant", "funding"])
def test_nobody_elses_account_exists(number: str):
    with pytest.raises(errors.UnknownAccount):
        held(number)
    with pytest.raises(errors.UnknownAccount):
        bank.get_account(number=number)


def test_events_have_no_gap():
    for _ in range(3):
        bank.capture(authorization_id=held().id, amount=None, key=None)
    seqs = [each.seq for each in bank.list_events(after=0, page_size=100)]
    assert seqs == list(range(seqs[0], seqs[0] + 6))
    assert [each.seq for each in bank.list_events(after=seqs[2], page_size=2)] == seqs[3:5]
