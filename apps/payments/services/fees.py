"""What a provider keeps of a captured payment, as agreed with it, and what must be taken so that a gift arrives whole."""

from __future__ import annotations

from django.conf import settings

WHOLE = 10_000  # basis points


def fee_points(*, provider: str) -> int:
    """Basis points that the provider keeps of each payment; 0 where nothing was agreed."""
    return int(settings.PAYMENT_FEES.get(provider, 0))


def fee_of(*, provider: str, amount: int) -> int:
    """The fee of a payment of `amount` minor units, rounded up: the organisation never hopes for too much."""
    return -(-amount * fee_points(provider=provider) // WHOLE)


def total_covering(*, provider: str, amount: int) -> int:
    """The least total of which, after its own fee, at least `amount` minor units are left. The fee is taken of the total, so it
    is not enough to add the fee of the amount."""
    return -(-amount * WHOLE // (WHOLE - fee_points(provider=provider)))
