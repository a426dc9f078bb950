from __future__ import annotations

from uuid import UUID

from apps.platform import db

from ..data import YearSum

_YEARS = """
    SELECT extract(year FROM captured_at AT TIME ZONE 'UTC')::int AS year, currency, count(*) AS gifts,
           sum(captured_amount - refunded_amount)::bigint AS amount
    FROM pledges_pledge WHERE donor_id = %s AND status = 'captured' AND refunded_amount < captured_amount
    GROUP BY 1, 2 ORDER BY 1 DESC, 4 DESC
"""


def has_given(*, donor_id: UUID) -> bool:
    """Whether a gift of this signed-in donor was captured before."""
    return bool(db.rows("SELECT FROM pledges_pledge WHERE donor_id = %s AND status = 'captured' LIMIT 1", [donor_id]))


def years_of_donor(*, donor_id: UUID) -> tuple[YearSum, ...]:
    """What a registered donor gave, by year of capture and currency, less what was given back. Does not check permissions."""
    return tuple(YearSum(**row) for row in db.rows(_YEARS, [donor_id]))
