"""Bring payments to where their facts put them: states, counters, follow-up operations and events, in one transaction.

A handful of statements for any number of payments. Lock order: payments, then operations.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from apps.outbox import interface as outbox
from apps.platform import clock, db, tracing, wake
from apps.platform.ids import new_id

from ..states import FactKind, OperationKind
from .anomalies import flag
from .close_settled import close_settled
from .consequences import Consequences, Counted, OperationRow, consequences_of
from .open_payments import CALL_PROVIDERS
from .record_facts import PaymentRow
from .standing import Told

_FACTS = """
    SELECT payment_id, kind, reference, amount, hold, reason, id AS seq FROM payments_fact WHERE payment_id = ANY(%s)
"""
_OPERATIONS = """
    SELECT id, payment_id, kind, status, amount, refund_id, attempts, transaction FROM payments_operation
    WHERE payment_id = ANY(%s) AND (status IN ('due', 'calling', 'unknown') OR kind = 'refund')
"""
_REFUNDS = "SELECT payment_id, transaction, amount FROM payments_refund WHERE payment_id = ANY(%s)"
_MOVE = """
    UPDATE payments_payment AS payment
    SET status = target.status, hold = target.hold, transaction = target.transaction,
        captured_amount = target.captured_amount, refunded_amount = target.refunded_amount,
        refund_reserved = target.refund_reserved, failure_reason = target.failure_reason, updated_at = %(now)s,
        check_at = CASE WHEN NOT target.is_waiting THEN NULL
                        WHEN payment.status = target.status AND payment.check_at IS NOT NULL THEN payment.check_at
                        ELSE statement_timestamp() + interval '45 seconds' END
    FROM unnest(%(ids)s::uuid[], %(sources)s::text[], %(statuses)s::text[], %(holds)s::text[], %(transactions)s::text[],
                %(captured)s::bigint[], %(refunded)s::bigint[], %(reserved)s::bigint[], %(reasons)s::text[],
                %(waiting)s::boolean[])
        AS target(id, source, status, hold, transaction, captured_amount, refunded_amount, refund_reserved,
                  failure_reason, is_waiting)
    WHERE payment.id = target.id AND payment.status = target.source
"""
_COUNT_REFUNDS = """
    INSERT INTO payments_refund (payment_id, provider, transaction, amount, refund_id, counted_at)
    SELECT new.*, %(now)s
    FROM unnest(%(payment_ids)s::uuid[], %(providers)s::text[], %(transactions)s::text[], %(amounts)s::bigint[],
                %(refund_ids)s::uuid[]) AS new
"""
_INTEND = """
    INSERT INTO payments_operation
        (id, payment_id, provider, kind, status, amount, attempts, due_at, outcome, transaction, created_at)
    SELECT new.id, new.payment_id, new.provider, new.kind, 'due', new.amount, 0, statement_timestamp(), '', '', %(now)s
    FROM unnest(%(ids)s::uuid[], %(payment_ids)s::uuid[], %(providers)s::text[], %(kinds)s::text[],
                %(amounts)s::bigint[])
        AS new(id, payment_id, provider, kind, amount)
    ON CONFLICT DO NOTHING
"""
_CLOSE = """
    UPDATE payments_operation AS operation
    SET status = target.status, outcome = 'overtaken', finished_at = %(now)s
    FROM unnest(%(ids)s::uuid[], %(statuses)s::text[]) AS target(id, status)
    WHERE operation.id = target.id AND operation.status IN ('due', 'unknown')
"""


def settle(payments: dict[UUID, PaymentRow], only: Collection[UUID]) -> None:
    """Settle those of the locked `payments` whose ids are in `only`."""
    ids = sorted(payment_id for payment_id in only if payment_id in payments)
    if ids:
        with tracing.station("payments.settle", {payments[each].reference: "" for each in ids}):
            _settle(payments, ids)


def _settle(payments: dict[UUID, PaymentRow], ids: Sequence[UUID]) -> None:
    facts = _by_payment(ids, _FACTS)
    operations = _by_payment(ids, _OPERATIONS)
    has_refunds = any(fact["kind"] == FactKind.REFUNDED for found in facts.values() for fact in found)
    refunds = _by_payment(ids, _REFUNDS) if has_refunds else {}
    settled = [
        consequences_of(
            payments[payment_id],
            facts=[Told(FactKind(fact.pop("kind")), **fact) for fact in facts.get(payment_id, [])],
            operations=[OperationRow(**row) for row in operations.get(payment_id, [])],
            counted=[Counted(**row) for row in refunds.get(payment_id, [])],
            now=clock.now(),
        )
        for payment_id in ids
    ]
    _move(settled)
    _count_refunds(settled)
    _follow_up(settled)
    flag([finding for each in settled for finding in each.findings])
    told = [(event, each.after.request_id) for each in settled for event in each.events]
    close_settled(ids)
    outbox.publish(*(event for event, _ in told), request_ids=[request_id for _, request_id in told])


def _by_payment(ids: Sequence[UUID], sql: str) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in db.rows(sql, [ids]):
        found.setdefault(row.pop("payment_id"), []).append(row)
    return found


def _move(settled: Sequence[Consequences]) -> None:
    """One guarded update; a row that is not where it was read is a broken lock, and refused loudly."""
    moves = [
        each for each in settled if each.after != each.before or each.is_waiting != (each.before.check_at is not None)
    ]
    if not moves:
        return
    after = [each.after for each in moves]
    moved = db.execute(
        _MOVE,
        {
            "now": clock.now(),
            "ids": [each.id for each in after],
            "sources": [each.before.status for each in moves],
            "statuses": [each.status for each in after],
            "holds": [each.hold for each in after],
            "transactions": [each.transaction for each in after],
            "captured": [each.captured_amount for each in after],
            "refunded": [each.refunded_amount for each in after],
            "reserved": [each.refund_reserved for each in after],
            "reasons": [each.failure_reason for each in after],
            "waiting": [each.is_waiting for each in moves],
        },
    )
    if moved != len(moves):
        raise RuntimeError("a locked payment moved under us")


def _count_refunds(settled: Sequence[Consequences]) -> None:
    new = [(each.after, refund) for each in settled for refund in each.refunds]
    if not new:
        return
    db.execute(
        _COUNT_REFUNDS,
        {
            "now": clock.now(),
            "payment_ids": [payment.id for payment, _ in new],
            "providers": [payment.provider for payment, _ in new],
            "transactions": [refund.transaction for _, refund in new],
            "amounts": [refund.amount for _, refund in new],
            "refund_ids": [refund.refund_id for _, refund in new],
        },
    )


def _follow_up(settled: Sequence[Consequences]) -> None:
    """Close operations that the facts have overtaken, then intend what follows from the new state."""
    closed = [(operation_id, status) for each in settled for operation_id, status in each.overtaken]
    if closed:
        ids, statuses = [list(column) for column in zip(*closed, strict=True)]
        db.execute(_CLOSE, {"now": clock.now(), "ids": ids, "statuses": statuses})
    wanted = [(each.after, kind) for each in settled for kind in each.wanted]
    if wanted:
        intend([(payment.id, payment.provider, kind, payment.amount) for payment, kind in wanted])


def intend(operations: Sequence[tuple[UUID, str, OperationKind, int]]) -> int:
    """Write intents (payment id, provider, kind, amount) and wake the callers; one that is live already is enough."""
    payment_ids, providers, kinds, amounts = (list(column) for column in zip(*operations, strict=True))
    written = db.execute(
        _INTEND,
        {
            "now": clock.now(),
            "ids": [new_id() for _ in operations],
            "payment_ids": payment_ids,
            "providers": providers,
            "kinds": kinds,
            "amounts": amounts,
        },
    )
    wake.on_commit(CALL_PROVIDERS)
    return written
