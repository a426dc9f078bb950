from collections.abc import Iterable
from uuid import UUID

from apps.platform import db


def figures(name: str) -> dict[str, int]:
    """The running figures of that name by label."""
    return {
        row["label"]: row["value"] for row in db.rows("SELECT label, value FROM pledges_figure WHERE name = %s", [name])
    }


def captured_count() -> int:
    """How many gifts have ever arrived here; one row, kept while the facts come in."""
    return figures("pledges").get("captured", 0)


def refunds_under_way(*, campaign_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Minor units that are to go back and are not counted yet, by campaign; those without any are left out. One query."""
    rows = db.rows(
        """SELECT pledge.campaign_id, sum(refund.amount)::bigint AS amount
           FROM pledges_refund AS refund JOIN pledges_pledge AS pledge ON pledge.id = refund.pledge_id
           WHERE refund.is_reserved AND refund.counted_at IS NULL AND refund.status <> 'failed'
             AND pledge.campaign_id = ANY(%s)
           GROUP BY 1""",
        [list(campaign_ids)],
    )
    return {row["campaign_id"]: row["amount"] for row in rows}
