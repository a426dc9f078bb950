"""What happened to plans: numbered rows in the transaction of the change, and the fact that tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from apps.outbox import interface as outbox
from apps.platform import clock, db
from apps.platform.ids import new_id

from ..events import PlanNoted

# The plan's row is locked by its update: notes are numbered one after the other.
_NOTE = """
    WITH wanted AS (
        SELECT * FROM unnest(%(ids)s::uuid[], %(plans)s::uuid[], %(data)s::jsonb[]) AS wanted(id, plan_id, data)
    ), counted AS (
        UPDATE recurring_plan AS plan SET notes = plan.notes + 1 FROM wanted WHERE plan.id = wanted.plan_id
        RETURNING plan.id AS plan_id, plan.notes, plan.campaign_id
    ), noted AS (
        INSERT INTO recurring_note (id, plan_id, seq, what, data, at)
        SELECT wanted.id, wanted.plan_id, counted.notes, %(what)s, wanted.data, %(now)s
        FROM wanted JOIN counted USING (plan_id)
    )
    SELECT wanted.id AS note_id, wanted.plan_id, counted.campaign_id FROM wanted JOIN counted USING (plan_id)
"""


def note(plan_id: UUID, what: str, **data: Any) -> None:
    """Note one thing about one plan in the open transaction. `data` is plain and without personal data."""
    note_all([plan_id], what, [data])


def note_all(plan_ids: Sequence[UUID], what: str, data: Sequence[dict[str, Any]] = ()) -> None:
    """The same thing about several plans, each named once. One statement, and the facts."""
    if not plan_ids:
        return
    told = data or [{}] * len(plan_ids)
    rows = db.rows(
        _NOTE,
        {
            "ids": [new_id() for _ in plan_ids],
            "plans": list(plan_ids),
            "data": [msgspec.json.encode(each).decode() for each in told],
            "what": what,
            "now": clock.now(),
        },
    )
    outbox.publish(*(PlanNoted(**row, what=what) for row in rows))
