"""Money and dates as people write them, by CLDR through Babel."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from django import template
from django.utils.translation import get_language

from apps.platform.money import exponent

register = template.Library()


@register.filter
def money(amount: int, currency: str) -> str:
    """Minor units as an amount of the currency in the reader's language; whole amounts without decimals."""
    return _money(amount, currency, get_language() or "en")


@lru_cache(maxsize=4096)
def _money(amount: int, currency: str, language: str) -> str:
    value = Decimal(amount).scaleb(-exponent(currency))
    whole = value == value.to_integral_value()
    pattern = "¤#,##0" if whole else None
    shown = format_currency(value, currency, format=pattern, locale=language, currency_digits=not whole)
    return f"{currency}\u00a0{shown[3:]}" if shown.startswith(currency) else shown


@register.filter
def day(moment: datetime | None) -> str:
    return format_date(moment, "long", locale=get_language() or "en") if moment else ""


@register.filter
def day_and_time(moment: datetime | None) -> str:
    return format_datetime(moment, "medium", locale=get_language() or "en") if moment else ""
