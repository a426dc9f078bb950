from __future__ import annotations

from uuid import UUID

from apps.platform import db

from ..data import ProviderStep

_STORY = """
    WITH own AS (SELECT id FROM payments_payment WHERE reference = %(reference)s)
    SELECT fact.recorded_at AS at, 'told' AS side, fact.provider, fact.kind, fact.amount, fact.source,
           concat_ws(' ', nullif(fact.reference, ''), nullif(fact.reason, '')) AS detail
    FROM payments_fact AS fact WHERE fact.payment_id IN (SELECT id FROM own)
    UNION ALL
    SELECT coalesce(operation.finished_at, operation.created_at), 'asked', operation.provider, operation.kind,
           nullif(operation.amount, 0), operation.status,
           concat_ws(' ', operation.attempts::text || 'x', nullif(operation.outcome, ''), nullif(operation.transaction, ''))
    FROM payments_operation AS operation WHERE operation.payment_id IN (SELECT id FROM own)
    ORDER BY at
"""


def story_of(*, reference: UUID) -> list[ProviderStep]:
    """What providers were asked and what they told about the payments of a reference, oldest first. One query."""
    return [ProviderStep(**row) for row in db.rows(_STORY, {"reference": reference})]
