"""What may be asked about an authorized payment: take the money, or let it go."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from apps.platform import clock, db, wake
from apps.platform.ids import new_id

from ..errors import PaymentNotCapturable, PaymentNotFound, PaymentNotReleasable
from ..states import OperationKind, PaymentStatus
from .open_payments import CALL_PROVIDERS

_LOCK = """
    SELECT id, provider, amount, status FROM payments_payment WHERE reference = %s
    ORDER BY (status IN ('pending', 'authorized')) DESC, created_at DESC LIMIT 1 FOR NO KEY UPDATE
"""
# Two partial unique indexes decide: one live operation of a kind, and one of capture and release.
_INTEND = """
    INSERT INTO payments_operation
        (id, payment_id, provider, kind, status, amount, attempts, due_at, outcome, transaction, created_at)
    VALUES (%(id)s, %(payment_id)s, %(provider)s, %(kind)s, 'due', %(amount)s, 0, statement_timestamp(), '', '',
            %(now)s)
    ON CONFLICT DO NOTHING
"""
_EXPECT = """
    UPDATE payments_payment SET check_at = statement_timestamp() + interval '45 seconds', updated_at = %(now)s
    WHERE id = %(payment_id)s
"""
_LIVE_END = """
    SELECT kind FROM payments_operation
    WHERE payment_id = %s AND status IN ('due', 'calling', 'unknown') AND kind IN ('capture', 'release')
"""


def request_capture(*, reference: UUID) -> None:
    """Intend to capture the authorized payment of `reference`, whole; asking twice is once.

    Does not check permissions. Raises PaymentNotFound, PaymentNotCapturable. The outcome comes as an event.
    """
    _request(reference, OperationKind.CAPTURE, PaymentNotCapturable)


def request_release(*, reference: UUID) -> None:
    """Intend to let the hold of the authorized payment go; asking twice is once.

    Does not check permissions. Raises PaymentNotFound, PaymentNotReleasable. The outcome comes as an event.
    """
    _request(reference, OperationKind.RELEASE, PaymentNotReleasable)


def _request(
    reference: UUID, kind: OperationKind, refusal: type[PaymentNotCapturable] | type[PaymentNotReleasable]
) -> None:
    with transaction.atomic():
        found = db.rows(_LOCK, [reference])
        if not found:
            raise PaymentNotFound
        payment = found[0]
        if payment["status"] != PaymentStatus.AUTHORIZED:
            raise refusal
        values = {
            "id": new_id(),
            "payment_id": payment["id"],
            "provider": payment["provider"],
            "kind": kind,
            "amount": payment["amount"],
            "now": clock.now(),
        }
        if not db.execute(_INTEND, values):
            if db.rows(_LIVE_END, [payment["id"]])[0]["kind"] != kind:
                raise refusal
            return
        db.execute(_EXPECT, values)
        wake.on_commit(CALL_PROVIDERS)
