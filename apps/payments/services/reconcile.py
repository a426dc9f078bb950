from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.platform import clock, db

from ..states import OperationKind
from .anomalies import Finding, flag
from .settle import intend

BATCH = 1000
STUCK_AFTER = timedelta(minutes=10)

# Asked again ever more rarely: after a quarter of its age, between a minute and an hour.
_DUE = """
    UPDATE payments_payment AS payment
    SET check_at = statement_timestamp() + least(greatest(
        (statement_timestamp() - payment.updated_at) / 4, interval '1 minute'), interval '1 hour')
    FROM (
        SELECT id FROM payments_payment WHERE check_at <= statement_timestamp()
        ORDER BY check_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
    ) AS due
    WHERE payment.id = due.id
    RETURNING payment.id, payment.reference, payment.provider, payment.amount, payment.status, payment.updated_at,
              EXISTS (
                  SELECT FROM payments_operation AS operation
                  WHERE operation.payment_id = payment.id AND operation.status IN ('due', 'calling', 'unknown')
                    AND operation.due_at <= statement_timestamp()
              ) AS is_in_queue
"""


def reconcile_stuck() -> int:
    """Intend to ask the providers about payments that have not settled for 45 seconds. Returns how many were found.

    One whose next call is in the queue already is not asked about on top: a backlog must not feed itself. One that has
    not settled for ten minutes is flagged for a human, too. Calls nobody itself.
    """
    found = 0
    while True:
        with transaction.atomic():
            due = db.rows(_DUE, [BATCH])
            if due:
                _ask([row for row in due if not row["is_in_queue"]])
                since = clock.now() - STUCK_AFTER
                flag([_stuck(row["id"], row) for row in due if row["updated_at"] < since])
        found += len(due)
        if len(due) < BATCH:
            return found


def _ask(rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        intend([(row["id"], row["provider"], OperationKind.RETRIEVE, row["amount"]) for row in rows])


def _stuck(payment_id: UUID, row: dict[str, Any]) -> Finding:
    return Finding(
        provider=row["provider"],
        kind="stuck",
        subject=f"{payment_id}:{row['updated_at'].isoformat()}",  # stuck again later is a finding of its own
        payment_id=payment_id,
        reference=row["reference"],
        evidence={"status": row["status"], "since": row["updated_at"]},
    )
