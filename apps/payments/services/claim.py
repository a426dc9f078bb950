"""Take due operations: a lease and the attempt are committed before anybody is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from apps.platform import db

from ..states import OperationKind, PaymentStatus

LEASE = timedelta(seconds=30)
"""Longer than a call can take, asking first included; a worker that died holds an operation no longer than this."""

_CLAIM = """
    WITH due AS (
        SELECT id, status FROM payments_operation
        WHERE status IN ('due', 'calling', 'unknown') AND provider = %(provider)s AND due_at <= statement_timestamp()
          AND (%(is_probe)s OR NOT EXISTS (
              SELECT FROM payments_providercircuit WHERE provider = %(provider)s AND state <> 'closed'))
        ORDER BY due_at LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE payments_operation AS operation
    SET status = 'calling', attempts = operation.attempts + 1, due_at = statement_timestamp() + %(lease)s
    FROM due, payments_payment AS payment
    WHERE operation.id = due.id AND payment.id = operation.payment_id
    RETURNING operation.id, operation.kind, operation.provider, operation.amount, operation.attempts,
              operation.payment_id, payment.reference, due.status <> 'due' AS was_called, payment.status AS payment_status,
              payment.account, payment.currency, payment.hold, payment.request_id
"""
# A probe of a provider that is in trouble takes what never failed yet, so that one bad account does not stand for all.
_PROBE = _CLAIM.replace("ORDER BY due_at", "ORDER BY attempts, due_at")


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """An operation leased to this worker for one attempt; `attempts` is the number of this one."""

    id: UUID
    kind: OperationKind
    provider: str
    amount: int
    attempts: int
    payment_id: UUID
    reference: UUID
    was_called: bool
    payment_status: PaymentStatus
    account: str
    currency: str
    hold: str
    request_id: str

    @property
    def is_wanted(self) -> bool:
        """Whether the payment still stands where this operation makes sense."""
        return self.payment_status in _WANTED[self.kind]


_WANTED = {
    OperationKind.AUTHORIZE: {PaymentStatus.PENDING},
    OperationKind.CAPTURE: {PaymentStatus.AUTHORIZED},
    OperationKind.RELEASE: {PaymentStatus.AUTHORIZED},
    OperationKind.REFUND: {PaymentStatus.CAPTURED},
    OperationKind.RETRIEVE: set(PaymentStatus),
    OperationKind.PROVE: set(PaymentStatus),
}


def claim(provider: str, *, limit: int, is_probe: bool = False) -> list[Claimed]:
    """Lease up to `limit` due operations; none while the provider's circuit is not closed, unless as its probe.

    Raises RuntimeError inside a transaction: the lease could be undone.
    """
    if db.in_transaction():
        raise RuntimeError("operations are claimed, and providers called, outside transactions only")
    params = {"provider": provider, "limit": limit, "lease": LEASE, "is_probe": is_probe}
    return [
        Claimed(
            **row
            | {
                "kind": OperationKind(row["kind"]),
                "payment_status": PaymentStatus(row["payment_status"]),
            }
        )
        for row in db.rows(_PROBE if is_probe else _CLAIM, params)
    ]
