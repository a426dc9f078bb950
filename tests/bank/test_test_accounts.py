"""Each test account of the contract does what its title says; the table of behaviours is all there is to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.bank import errors
from apps.bank import interface as bank
from apps.bank.models import Delivery
from apps.platform.ids import new_id

from .support import counted, events_of, held, on_both, violations

pytestmark = on_both
NUMBERS = ["0001", "0002", "0003", "0010", "0011", "0012", "0013", "0014", "0015", "0016"]


def number(end: str) -> str:
    return f"4000-0000-0000-{end}"


def webhooks(hold: bank.Authorization) -> list[tuple[str, timedelta]]:
    """The webhooks on their way for a hold, one line a copy: type and how late."""
    rows = Delivery.objects.filter(event__data__hold=str(hold.id)).select_related("event").order_by("event", "copy")
    return [(row.event.type, row.due_at - row.event.at) for row in rows]


def captured(end: str) -> tuple[bank.Authorization, bank.Movement]:
    hold = held(number(end))
    return hold, bank.capture(authorization_id=hold.id, amount=None, key=None)


def test_the_contract_names_them_all():
    assert [each[-4:] for each in bank.TEST_ACCOUNTS] == NUMBERS


@pytest.mark.parametrize(
    ("end", "reason", "error"),
    [("0002", "insufficient-funds", errors.InsufficientFunds), ("0003", "account-closed", errors.AccountClosed)],
)
def test_declining_accounts_say_why(end: str, reason: str, error: type[Exception]):
    hold = held(number(end))
    assert (hold.status, hold.reason) == ("declined", reason)
    assert isinstance(bank.refusal_of(hold), error)
    assert events_of(hold) == ["payment.failed"]


def test_0001_answers_at_once():
    hold, moved = captured("0001")
    assert moved.status == "succeeded"
    assert webhooks(hold) == [("payment.authorized", timedelta(0)), ("payment.captured", timedelta(0))]


def test_0010_sends_captured_before_authorized():
    hold, moved = captured("0010")
    late = dict(webhooks(hold))
    assert moved.status == "processing"
    assert late["payment.captured"] < late["payment.authorized"]


def test_0011_sends_everything_five_times():
    hold, moved = captured("0011")
    assert moved.status == "processing"
    assert [type_name for type_name, _ in webhooks(hold)] == ["payment.authorized"] * 5 + ["payment.captured"] * 5


def test_0012_is_a_minute_late():
    hold, moved = captured("0012")
    assert moved.status == "processing"
    assert {late for _, late in webhooks(hold)} == {timedelta(seconds=60)}


def test_0013_holds_but_does_not_pay():
    hold = held(number("0013"))
    before = counted(number("0013"))
    for _ in range(2):  # asked again after a lost answer it says the same
        with pytest.raises(errors.CaptureDeclined):
            bank.capture(authorization_id=hold.id, amount=None, key="k")
    after = counted(number("0013"))
    assert events_of(hold) == ["payment.authorized", "payment.failed"]
    assert (after[0], after[1]) == (before[0], before[1] - hold.amount)
    assert violations() == {}


def test_0014_hangs_once_for_each_kind_of_call():
    reference = new_id()
    hangs = [
        bank.hangs_after(account=number("0014"), reference=reference, call=call)
        for call in ("authorize", "authorize", "capture", "capture")
    ]
    assert hangs == [True, False, True, False]
    assert not bank.hangs_after(account=number("0001"), reference=reference, call="authorize")


def test_0015_fails_three_times_and_does_nothing_meanwhile():
    reference = new_id()
    for _ in range(3):
        with pytest.raises(errors.TryLater):
            bank.misbehave_before(account=number("0015"), reference=reference)
    bank.misbehave_before(account=number("0015"), reference=reference)


def test_0016_never_tells_of_the_capture_but_lists_it():
    hold, moved = captured("0016")
    assert moved.status == "processing"
    assert [type_name for type_name, _ in webhooks(hold)] == ["payment.authorized"]
    assert events_of(hold) == ["payment.authorized", "payment.captured"]


@pytest.mark.parametrize("end", [end for end in NUMBERS if end not in ("0002", "0003", "0013")])
def test_where_the_bank_pays_it_pays_once(end: str):
    hold, _ = captured(end)
    assert bank.get_authorization(authorization_id=hold.id).captured_amount == hold.amount
    assert violations() == {}
