from decimal import Decimal, DecimalException

from apps.platform.money import MAX_AMOUNT, exponent


def read_amount(typed: str, currency: str) -> int | None:
    """An amount as people type it, in major units and the digits of any script, as whole minor units; None for what is none."""
    try:
        amount = Decimal(typed.replace(",", "").strip()).scaleb(exponent(currency))
        if amount.is_finite() and amount == amount.to_integral_value() and abs(amount) <= MAX_AMOUNT:
            return int(amount)
    except DecimalException:
        pass
    return None
