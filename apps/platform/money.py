"""Money as a value: whole minor units and an ISO 4217 currency. No floats, no mixing, nothing lost in a split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Minor-unit exponents from ISO 4217 (list one); everything that is not named here has two digits.
_EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "UGX": 0, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}
CURRENCIES = frozenset(
    {"BDT", "USD", "EUR", "GBP", "INR", "PKR", "LKR", "NPR", "AED", "SAR", "QAR", "MYR", "SGD", "AUD", "CAD", "CHF"}
    | {"SEK", "NOK", "DKK", "CNY", "HKD", "THB", "IDR", "PHP", "ZAR", "NGN", "KES", "BRL", "MXN", "TRY"}
    | set(_EXPONENTS)
)
MAX_AMOUNT = 10**15
"""No single amount is above this: sums of thousands of them still fit a bigint."""


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met in one operation."""


def exponent(currency: str) -> int:
    """Digits after the point of a currency: 2 for BDT, 0 for JPY, 3 for KWD. Raises ValueError for unknown codes."""
    if currency not in CURRENCIES:
        raise ValueError(f"{currency!r} is not a currency of this platform")
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, order=False)
class Money:
    """`amount` whole minor units of `currency`. Raises TypeError for anything but an int, ValueError for a bad currency."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"money is whole minor units, not {type(self.amount).__name__}")
        exponent(self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def split(self, weights: int | Sequence[int]) -> list[Money]:
        """Split into equal or weighted parts whose sum is exactly this amount; the first parts take the remainder."""
        shares = [1] * weights if isinstance(weights, int) else list(weights)
        total = sum(shares)
        if total <= 0 or min(shares) < 0:
            raise ValueError("weights are not negative and not all zero")
        parts = [self.amount * share // total for share in shares]
        rest = self.amount - sum(parts)
        for index in [i for i, share in enumerate(shares) if share][:rest]:
            parts[index] += 1
        return [Money(part, self.currency) for part in parts]

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be mixed")
        return other.amount
