"""Money, numbers and dates as people write them, by CLDR through Babel: in Bangla with Bangla digits."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent
from django.utils.translation import get_language

from apps.platform import clock
from apps.platform.money import exponent

_BANGLA = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")


def money(amount: int, currency: str) -> str:
    """Minor units as an amount of the currency in the reader's language; whole amounts without decimals."""
    return _money(amount, currency, language())


@lru_cache(maxsize=4096)
def _money(amount: int, currency: str, locale: str) -> str:
    value = Decimal(amount).scaleb(-exponent(currency))
    whole = value == value.to_integral_value()
    pattern = None
    if whole:
        pattern = "#,##,##0¤" if locale == "bn" else "¤#,##0"
    shown = format_currency(value, currency, format=pattern, locale=locale, currency_digits=not whole)
    if shown.startswith(currency):
        return f"{currency}\u00a0{shown[3:].lstrip()}"
    return native(f"{shown[:-3]}\u00a0{currency}" if shown.endswith(currency) else shown)


def number(value: int) -> str:
    return native(format_decimal(value, locale=language()))


def digits(value: int) -> str:
    """A number without separators: a year, a count in a heading."""
    return native(str(value))


def percent(value: int) -> str:
    """Whole percents."""
    return native(format_percent(Decimal(value) / 100, locale=language()))


def percent_of_points(points: int) -> str:
    """Basis points as percents: 150 is 1.5 %."""
    return native(format_percent(Decimal(points) / 10_000, format="#,##0.##%", locale=language()))


def day(moment: date | None) -> str:
    return native(format_date(moment, "long", locale=language())) if moment else ""


def day_and_time(moment: datetime | None) -> str:
    return native(format_datetime(moment, "medium", locale=language())) if moment else ""


def time_of_day(moment: datetime | None) -> str:
    return native(format_time(moment, "medium", locale=language())) if moment else ""


def ago(moment: datetime | None) -> str:
    """How long ago, in the largest unit that fits: "2 minutes ago"."""
    if moment is None:
        return ""
    return native(format_timedelta(moment - clock.now(), add_direction=True, locale=language()))


def native(text: str) -> str:
    """The text with the digits of the reader's language."""
    return text.translate(_BANGLA) if language() == "bn" else text


def language() -> str:
    return get_language() or "en"
