"""A finding that a later truth has settled leaves the queue by itself; a line says so."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from apps.platform import clock, db

# Each arm: the finding's kind, and what has to be known now that was not when it was found.
_CLOSE = """
    WITH settled AS (
        UPDATE payments_anomaly AS anomaly SET state = 'resolved', resolved_at = %(now)s
        FROM payments_payment AS payment
        WHERE payment.id = anomaly.payment_id AND anomaly.state = 'open' AND anomaly.payment_id = ANY(%(payment_ids)s)
          AND CASE
              WHEN anomaly.kind = 'stuck' THEN payment.check_at IS NULL
              WHEN anomaly.kind IN ('amount-mismatch', 'currency-mismatch') THEN EXISTS (
                  SELECT FROM payments_fact AS fact
                  WHERE fact.payment_id = payment.id AND fact.kind = anomaly.evidence ->> 'told'
                    AND fact.reference = anomaly.evidence ->> 'transaction')
              WHEN anomaly.kind IN ('failed-after-captured', 'released-after-captured') THEN EXISTS (
                  SELECT FROM payments_fact AS fact
                  WHERE fact.payment_id = payment.id AND fact.kind = 'capture_proven'
              ) AND EXISTS (
                  SELECT FROM payments_operation AS question
                  WHERE question.payment_id = payment.id AND question.kind IN ('retrieve', 'prove')
                    AND question.status = 'done' AND question.created_at >= anomaly.created_at)
              WHEN anomaly.kind = 'capture-not-proven' THEN payment.status = 'captured'
              ELSE false
          END
        RETURNING anomaly.id
    )
    INSERT INTO payments_anomalydecision (anomaly_id, action, by_kind, note, at)
    SELECT id, 'settle', 'system', '', %(now)s FROM settled ORDER BY id
"""


def close_settled(payment_ids: Sequence[UUID]) -> int:
    """Close the open findings of these payments, locked by the caller, that have settled. Returns how many.

    Stuck ends when nothing is waited for; a wrong amount or currency when the same was told rightly; a failure after a
    capture when the provider was asked since and still has the capture; an unproven capture when it was proven.
    """
    return db.execute(_CLOSE, {"now": clock.now(), "payment_ids": list(payment_ids)})
