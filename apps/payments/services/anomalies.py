"""What does not fit is written down once and told; it never moves money."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from apps.outbox import interface as outbox
from apps.platform import clock, db

from ..events import PaymentFlagged

_FLAG = """
    INSERT INTO payments_anomaly (provider, kind, subject, payment_id, evidence, state, created_at)
    SELECT found.provider, found.kind, found.subject, found.payment_id, found.evidence, 'open', %(now)s
    FROM unnest(%(providers)s::text[], %(kinds)s::text[], %(subjects)s::text[], %(payment_ids)s::uuid[],
                %(evidence)s::jsonb[]) AS found(provider, kind, subject, payment_id, evidence)
    ORDER BY found.provider, found.kind, found.subject
    ON CONFLICT (provider, kind, subject) DO NOTHING
    RETURNING kind, payment_id
"""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that does not fit. `reference` is the payment's, None when there is no such payment."""

    provider: str
    kind: str
    subject: str
    payment_id: UUID | None = None
    reference: UUID | None = None
    evidence: dict[str, Any] = field(default_factory=dict)


def flag(findings: Sequence[Finding]) -> None:
    """Keep the findings that are new, in the open transaction, and tell about those that concern a payment."""
    if not findings:
        return
    now = clock.now()
    new = db.rows(
        _FLAG,
        {
            "now": now,
            "providers": [each.provider for each in findings],
            "kinds": [each.kind for each in findings],
            "subjects": [each.subject[:255] for each in findings],
            "payment_ids": [each.payment_id for each in findings],
            "evidence": [json.dumps(each.evidence, default=str) for each in findings],
        },
    )
    references = {each.payment_id: each.reference for each in findings}
    told = [(row["kind"], row["payment_id"], references[row["payment_id"]]) for row in new]
    outbox.publish(
        *(
            PaymentFlagged(payment_id=payment_id, reference=reference, kind=kind, at=now)
            for kind, payment_id, reference in told
            if reference is not None
        )
    )
