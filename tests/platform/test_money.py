import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.money import CurrencyMismatch, Money, exponent


def test_money_knows_the_digits_of_its_currency():
    assert [exponent(code) for code in ("BDT", "JPY", "KWD")] == [2, 0, 3]


@pytest.mark.parametrize("amount", [1.0, "1", True, None])
def test_money_refuses_what_is_not_a_whole_number(amount):
    with pytest.raises(TypeError):
        Money(amount, "BDT")


def test_money_refuses_unknown_currencies():
    with pytest.raises(ValueError, match="XYZ"):
        Money(1, "XYZ")


def test_money_never_mixes_currencies():
    with pytest.raises(CurrencyMismatch):
        Money(1, "BDT") + Money(1, "USD")


@given(st.integers(0, 10**12), st.lists(st.integers(0, 100), min_size=1, max_size=12).filter(any))
def test_split_loses_nothing_and_is_fair(amount, weights):
    parts = Money(amount, "BDT").split(weights)
    assert sum(part.amount for part in parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert 0 <= part.amount - amount * weight // sum(weights) <= 1


def test_split_gives_the_rest_to_the_first():
    assert [part.amount for part in Money(100, "BDT").split(3)] == [34, 33, 33]
