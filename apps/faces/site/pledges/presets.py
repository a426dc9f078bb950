"""Amounts that the checkout suggests: ascending, the first one small, in sizes that people of the currency think in."""

from __future__ import annotations

from collections.abc import Sequence

from apps.platform.money import exponent

_HUNDREDS = (100, 500, 1_000, 2_500, 5_000)
_TENS = (5, 10, 25, 50, 100)
_MAJOR_UNITS: dict[str, tuple[int, ...]] = {
    "KWD": (1, 3, 5, 10, 25),
    "BHD": (1, 3, 5, 10, 25),
    "OMR": (1, 3, 5, 10, 25),
    "JOD": (2, 5, 10, 25, 50),
    "AED": (20, 50, 100, 250, 500),
    "SAR": (20, 50, 100, 250, 500),
    "QAR": (20, 50, 100, 250, 500),
    "JPY": (500, 1_000, 3_000, 5_000, 10_000),
    "KRW": (5_000, 10_000, 30_000, 50_000, 100_000),
    "VND": (50_000, 100_000, 250_000, 500_000, 1_000_000),
    "IDR": (25_000, 50_000, 100_000, 250_000, 500_000),
    **dict.fromkeys(("UGX", "CLP"), (5_000, 10_000, 25_000, 50_000, 100_000)),
    **dict.fromkeys(("BDT", "INR", "PKR", "NPR", "LKR", "PHP", "THB", "KES", "NGN"), _HUNDREDS),
    **dict.fromkeys(("SEK", "NOK", "DKK", "CNY", "HKD", "ZAR", "MXN", "TRY"), (50, 100, 250, 500, 1_000)),
}


def presets(*, currency: str, least: int, most: int, own: Sequence[int] = ()) -> list[int]:
    """Minor units within a campaign's limits: its own suggestions, else the usual amounts; where none fits, the least that can
    be given."""
    if suggested := [each for each in own if least <= each <= most]:
        return suggested
    unit = 10 ** exponent(currency)
    fitting = [each * unit for each in _MAJOR_UNITS.get(currency, _TENS) if least <= each * unit <= most]
    return fitting or [least]
