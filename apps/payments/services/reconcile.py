from __future__ import annotations

from datetime import timedelta
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
    RETURNING payment.id, payment.reference, payment.provider, payment.amount, payment.status, payment.updated_at
"""


def reconcile_stuck() -> int:
    """Intend to ask the providers about payments that have not settled for 45 seconds. Returns how many.

    Those that have not for ten minutes are flagged for a human, too. Calls nobody itself.
    """
    asked = 0
    while True:
        with transaction.atomic():
            due = db.rows(_DUE, [BATCH])
            if due:
                intend([(row["id"], row["provider"], OperationKind.RETRIEVE, row["amount"]) for row in due])
                since = clock.now() - STUCK_AFTER
                flag([_stuck(row["id"], row) for row in due if row["updated_at"] < since])
        asked += len(due)
        if len(due) < BATCH:
            return asked


def _stuck(payment_id: UUID, row: dict[str, object]) -> Finding:
    reference = row["reference"]
    assert isinstance(reference, UUID)
    return Finding(
        provider=str(row["provider"]),
        kind="stuck",
        subject=str(payment_id),
        payment_id=payment_id,
        reference=reference,
        evidence={"status": row["status"], "since": row["updated_at"]},
    )
