from __future__ import annotations

from uuid import UUID

from django.db import transaction

from apps.platform import clock, db, wake
from apps.platform.ids import new_id

from ..errors import PaymentNotFound, PaymentNotRefundable, RefundExceedsCaptured
from .open_payments import CALL_PROVIDERS

_LOCK = """
    SELECT id, provider, status, captured_amount - refunded_amount - refund_reserved AS refundable
    FROM payments_payment WHERE reference = %s
    ORDER BY (status = 'captured') DESC, created_at DESC LIMIT 1 FOR NO KEY UPDATE
"""
_INTEND = """
    INSERT INTO payments_operation
        (id, payment_id, provider, kind, status, amount, refund_id, attempts, due_at, outcome, transaction, created_at)
    VALUES (%(id)s, %(payment_id)s, %(provider)s, 'refund', 'due', %(amount)s, %(refund_id)s, 0, statement_timestamp(),
            '', '', %(now)s)
    ON CONFLICT (refund_id) DO NOTHING
"""
# The check on the row refuses what two requests at once would overdraw, lock or no lock.
_RESERVE = """
    UPDATE payments_payment SET refund_reserved = refund_reserved + %(amount)s, updated_at = %(now)s,
        check_at = statement_timestamp() + interval '45 seconds'
    WHERE id = %(payment_id)s
"""


def request_refund(*, reference: UUID, refund_id: UUID, amount: int) -> None:
    """Reserve `amount` minor units of the captured payment and intend to pay them back; one `refund_id` is one refund.

    Does not check permissions. Raises PaymentNotFound, PaymentNotRefundable, RefundExceedsCaptured. The outcome comes
    as PaymentRefunded or PaymentRefundFailed with the same `refund_id`.
    """
    if amount < 1:
        raise RefundExceedsCaptured("A refund is at least one minor unit.")
    with transaction.atomic():
        found = db.rows(_LOCK, [reference])
        if not found:
            raise PaymentNotFound
        payment = found[0]
        values = {
            "id": new_id(),
            "payment_id": payment["id"],
            "provider": payment["provider"],
            "amount": amount,
            "refund_id": refund_id,
            "now": clock.now(),
        }
        if db.rows("SELECT FROM payments_operation WHERE refund_id = %s", [refund_id]):
            return
        if payment["status"] != "captured":
            raise PaymentNotRefundable
        if amount > payment["refundable"]:
            raise RefundExceedsCaptured
        if not db.execute(_INTEND, values):
            return
        db.execute(_RESERVE, values)
        wake.on_commit(CALL_PROVIDERS)
