"""The gross-up, against its meaning: enough, and not one minor unit more."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.payments import interface as payments
from apps.platform.money import MAX_AMOUNT

AMOUNTS = st.integers(1, MAX_AMOUNT)


@pytest.fixture
def rule(settings: Any) -> Any:
    return lambda points: setattr(settings, "PAYMENT_FEES", {"bank": points})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amount=AMOUNTS, points=st.integers(0, 5_000))
def test_what_is_left_after_the_fee_is_the_gift_and_no_less_total_would_do(rule: Any, amount: int, points: int) -> None:
    rule(points)
    total = payments.total_covering(provider="bank", amount=amount)
    assert total - payments.fee_of(provider="bank", amount=total) >= amount
    assert total - 1 - payments.fee_of(provider="bank", amount=total - 1) < amount
    assert type(total) is int
    assert (total == amount) == (payments.fee_of(provider="bank", amount=total) == 0)


def test_the_fee_is_rounded_up(rule: Any) -> None:
    rule(150)
    assert [payments.fee_of(provider="bank", amount=each) for each in (1, 66, 67, 100_00)] == [1, 1, 2, 150]
    assert payments.total_covering(provider="bank", amount=500_00) == 507_62
    assert payments.fee_of(provider="another", amount=500_00) == 0
