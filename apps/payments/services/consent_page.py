from __future__ import annotations

from uuid import UUID

from .. import gateway
from ..data import AT_BANK
from ..models import Payment
from ..states import PaymentStatus


def consent_page(*, reference: UUID, payee: str, return_url: str) -> str | None:
    """Where the payer of this reference approves the payment, and is then sent to `return_url`; None when nothing waits for
    that. The way back proves nothing: the provider's webhooks tell. One query; calls nobody.
    """
    waiting = Payment.objects.filter(reference=reference, account=AT_BANK, status=PaymentStatus.PENDING).first()
    if waiting is None:
        return None
    return gateway.provider(waiting.provider).consent_page(
        payment_id=waiting.pk,
        amount=waiting.amount,
        currency=waiting.currency,
        payee=payee,
        return_url=return_url,
    )
