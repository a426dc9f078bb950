from __future__ import annotations

from uuid import UUID

from django.db import connection

from apps.platform import db

from ..data import LedgerLine, ProviderBooks
from ..gateway import registry
from ..gateway.protocol import Outcome

_PAYMENTS = "SELECT id, provider, hold FROM payments_payment WHERE reference = %s ORDER BY created_at, id"


def look_up(*, reference: UUID) -> list[ProviderBooks]:
    """What the books of its providers say about the payments of a reference now, asked over the network.

    Changes nothing. Call outside a transaction. Does not check permissions.
    """
    if connection.in_atomic_block:
        raise RuntimeError("look_up() asks a provider: call it outside of transactions")
    return [_ask(**row) for row in db.rows(_PAYMENTS, [reference])]


def _ask(id: UUID, provider: str, hold: str) -> ProviderBooks:
    answer = registry.provider(provider).retrieve(payment_id=id, hold=hold)
    view = answer.view
    if view is None:
        return ProviderBooks(payment_id=id, provider=provider, is_known=answer.outcome is Outcome.ABSENT)
    return ProviderBooks(
        payment_id=id,
        provider=provider,
        is_known=True,
        hold=view.hold,
        amount=view.amount,
        currency=view.currency,
        reason=view.reason,
        lines=tuple(
            LedgerLine(kind=str(said.kind), reference=said.reference, amount=said.amount or 0)
            for said in view.statements()
        ),
    )
