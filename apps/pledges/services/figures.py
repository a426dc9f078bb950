"""Running figures for /metrics: folded from the facts, so that a scrape reads a handful of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from apps.platform import db
from apps.platform.audits import due_facts

from ..events import PledgeAuthorized, PledgeCaptured, PledgeCreated, PledgeFailed, PledgeRefunded

PLEDGES, CAPTURED_MINOR, DRIFT = "pledges", "captured_minor", "drift"
PledgeFact = PledgeCreated | PledgeAuthorized | PledgeCaptured | PledgeFailed | PledgeRefunded
_ADD = """
    INSERT INTO pledges_figure (name, label, value)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[])
    ON CONFLICT (name, label) DO UPDATE SET value = pledges_figure.value + excluded.value
"""
_SET = """
    INSERT INTO pledges_figure (name, label, value) VALUES (%s, '', %s)
    ON CONFLICT (name, label) DO UPDATE SET value = excluded.value
"""
# What pledges say, less what is still on its way, against what campaigns show.
DRIFT_SQL = f"""
    WITH pledged AS (
        SELECT campaign_id, sum(captured_amount - refunded_amount) AS amount FROM pledges_pledge
        WHERE status = 'captured' GROUP BY campaign_id
    ), due AS (
        SELECT (payload->>'campaign_id')::uuid AS campaign_id,
               sum((payload->>'amount')::bigint * CASE type WHEN 'pledge.captured' THEN 1 ELSE -1 END) AS amount
        FROM ({due_facts("pledges.raise_totals", "pledge.captured", "pledge.refunded")}) AS fact GROUP BY 1
    ), shown AS (
        SELECT campaign_id, captured - refunded AS amount FROM campaigns_totals
    )
    SELECT campaign_id, coalesce(pledged.amount, 0) AS pledged, coalesce(due.amount, 0) AS due, coalesce(shown.amount, 0) AS shown
    FROM pledged FULL JOIN due USING (campaign_id) FULL JOIN shown USING (campaign_id)
    WHERE coalesce(pledged.amount, 0) - coalesce(due.amount, 0) <> coalesce(shown.amount, 0)
"""  # noqa: S608  composed of constants


def count_figures(facts: Sequence[PledgeFact]) -> None:
    """Add a batch of facts: how many pledges ever reached each state, and how much was captured of each currency."""
    counts: Counter[tuple[str, str]] = Counter()
    for fact in facts:
        if isinstance(fact, PledgeRefunded):
            counts[PLEDGES, "refunded"] += fact.is_full
            continue
        counts[PLEDGES, "pending" if isinstance(fact, PledgeCreated) else fact.type.removeprefix("pledge.")] += 1
        if isinstance(fact, PledgeCaptured):
            counts[CAPTURED_MINOR, fact.currency] += fact.amount
    keys = sorted(counts)
    db.execute(_ADD, [[name for name, _ in keys], [label for _, label in keys], [counts[key] for key in keys]])


def measure_drift() -> int:
    """Compare pledges with totals and keep the sum of the differences for /metrics. Reads every captured pledge."""
    drift = sum(abs(row["pledged"] - row["due"] - row["shown"]) for row in db.rows(DRIFT_SQL))
    db.execute(_SET, [DRIFT, int(drift)])
    return int(drift)
