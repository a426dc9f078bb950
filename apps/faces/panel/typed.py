"""Amounts as people type and read them in forms."""

from __future__ import annotations

from decimal import Decimal, DecimalException

from django import forms
from django.utils.translation import gettext as _

from apps.platform.money import exponent


def minor(typed: str, currency: str) -> int:
    """What was typed, in minor units above zero. Raises ValidationError with a sentence for people."""
    try:
        amount = Decimal(typed.replace(",", "").strip()).scaleb(exponent(currency))
        if not amount.is_finite() or amount != amount.to_integral_value() or amount <= 0:
            raise forms.ValidationError(_("Enter an amount above zero, for example 750."))
    except DecimalException:
        raise forms.ValidationError(_("Enter an amount in numbers, for example 750.")) from None
    return int(amount)


def major(amount: int, currency: str) -> str:
    """Minor units as somebody would type them: 75050 BDT is 750.50."""
    return f"{Decimal(amount).scaleb(-exponent(currency)):f}"
