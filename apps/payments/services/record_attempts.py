"""Write down what attempts brought: facts, the operations' ends, and what follows, in one transaction for the batch."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from apps.outbox import interface as outbox
from apps.platform import clock, db
from apps.platform.retry import backoff

from ..events import PaymentRefundFailed
from ..states import OperationKind, OperationStatus
from .carry_out import Attempt
from .circuit import count_calls
from .record_facts import PaymentRow, Said, lock_payments, record_facts
from .settle import settle

log = logging.getLogger(__name__)
_MATTER = (OperationKind.REFUND, OperationKind.RETRIEVE, OperationKind.PROVE)
PROCESSING_WAIT = timedelta(seconds=45)
"""How long the provider's own word is waited for after it has taken something on, before it is asked."""

# The number of the attempt is the fencing token: an answer that comes after the lease ran out ends nothing.
_FINISH = """
    UPDATE payments_operation AS operation
    SET status = target.status, outcome = target.outcome,
        transaction = CASE WHEN target.transaction = '' THEN operation.transaction ELSE target.transaction END,
        due_at = CASE WHEN target.status = 'unknown' THEN statement_timestamp() + target.wait ELSE operation.due_at END,
        finished_at = CASE WHEN target.status = 'unknown' THEN NULL ELSE %(now)s::timestamptz END
    FROM unnest(%(ids)s::uuid[], %(attempts)s::int[], %(statuses)s::text[], %(outcomes)s::text[],
                %(transactions)s::text[], %(waits)s::interval[])
        AS target(id, attempts, status, outcome, transaction, wait)
    WHERE operation.id = target.id AND operation.attempts = target.attempts AND operation.status = 'calling'
    RETURNING operation.id
"""
_POSTPONE = """
    UPDATE payments_operation SET status = 'unknown', outcome = %s, due_at = statement_timestamp() + %s
    WHERE id = %s AND attempts = %s AND status = 'calling'
"""


def record_attempts(attempts: Sequence[Attempt]) -> None:
    """Record a batch. One that is refused is halved until the bad one stands alone; that one is put off."""
    if not attempts:
        return
    try:
        with transaction.atomic():
            _record(attempts)
    except Exception as error:  # noqa: BLE001  what one attempt brought must not keep the others from being recorded
        if len(attempts) == 1:
            _postpone(attempts[0], error)
            return
    else:
        # By itself, since all that call this provider want this one row, and would hold it until their batch is written.
        count_calls((each.operation.provider, each.is_fault) for each in attempts if each.is_fault is not None)
        return
    middle = len(attempts) // 2
    record_attempts(attempts[:middle])
    record_attempts(attempts[middle:])


def _record(attempts: Sequence[Attempt]) -> None:
    payments = lock_payments(each.operation.payment_id for each in attempts)
    said = [Said(each.operation.provider, told, each.source) for each in attempts for told in each.statements]
    _, changed = record_facts(said, payments)
    ended = _finish(attempts)
    # A refund's end and an answer to a question matter even when they bring no new fact.
    ended_anew = {each.operation.payment_id for each in attempts if each.operation.kind in _MATTER}
    settle(payments, changed | ended_anew)
    _tell_failed_refunds([each for each in attempts if each.operation.id in ended], payments)


def _finish(attempts: Sequence[Attempt]) -> set[UUID]:
    rows = db.rows(
        _FINISH,
        {
            "now": clock.now(),
            "ids": [each.operation.id for each in attempts],
            "attempts": [each.operation.attempts for each in attempts],
            "statuses": [each.status for each in attempts],
            "outcomes": [each.reason[:100] for each in attempts],
            "transactions": [each.transaction for each in attempts],
            "waits": [_wait(each) for each in attempts],
        },
    )
    return {row["id"] for row in rows}


def _wait(attempt: Attempt) -> timedelta:
    return PROCESSING_WAIT if attempt.is_processing else backoff(attempt.operation.attempts, base=1.0, cap=300)


def _tell_failed_refunds(attempts: Sequence[Attempt], payments: dict[UUID, PaymentRow]) -> None:
    failed = [
        each
        for each in attempts
        if each.operation.kind is OperationKind.REFUND and each.status is OperationStatus.REFUSED
    ]
    if not failed:
        return
    rows = db.rows(
        "SELECT id, refund_id FROM payments_operation WHERE id = ANY(%s)", [[each.operation.id for each in failed]]
    )
    refund_ids = {row["id"]: row["refund_id"] for row in rows}
    outbox.publish(
        *(
            PaymentRefundFailed(
                payment_id=each.operation.payment_id,
                reference=payments[each.operation.payment_id].reference,
                refund_id=refund_ids[each.operation.id],
                amount=each.operation.amount,
                reason=each.reason,
                at=clock.now(),
            )
            for each in failed
        )
    )


def _postpone(attempt: Attempt, error: Exception) -> None:
    operation = attempt.operation
    log.error("attempt not recorded", extra={"operation_id": str(operation.id)}, exc_info=error)
    wait = backoff(operation.attempts, base=1.0, cap=300)
    db.execute(_POSTPONE, [f"not-recorded:{type(error).__name__}", wait, operation.id, operation.attempts])
