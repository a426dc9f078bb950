"""The fold: a batch of captures and refunds becomes one UPDATE per campaign, in the transaction of their deliveries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from apps.outbox import interface as outbox
from apps.platform import clock, db

from .. import data
from ..events import CampaignGoalReached, CampaignProgressed

# A donor counts while one of the gifts stands: the row's count before is its count after less what was added.
_BACKERS = """
    WITH added AS (
        SELECT * FROM unnest(%(campaigns)s::uuid[], %(donors)s::text[], %(gifts)s::int[]) AS added(campaign_id, donor_key, gifts)
    ), counted AS (
        INSERT INTO campaigns_backer AS backer (campaign_id, donor_key, gifts)
        SELECT campaign_id, donor_key, gifts FROM added ORDER BY campaign_id, donor_key
        ON CONFLICT (campaign_id, donor_key) DO UPDATE SET gifts = backer.gifts + excluded.gifts
        RETURNING campaign_id, donor_key, gifts
    )
    SELECT counted.campaign_id, sum((counted.gifts > 0)::int - (counted.gifts - added.gifts > 0)::int)::bigint AS donors
    FROM counted JOIN added USING (campaign_id, donor_key) GROUP BY 1
"""
_LOCK = (
    "SELECT campaign_id FROM campaigns_totals WHERE campaign_id = ANY(%(ids)s) ORDER BY campaign_id FOR NO KEY UPDATE"
)
_TOTALS = """
    UPDATE campaigns_totals AS totals
    SET captured = totals.captured + added.captured, refunded = totals.refunded + added.refunded,
        donor_count = totals.donor_count + added.donors, version = totals.version + 1
    FROM unnest(%(ids)s::uuid[], %(captured)s::bigint[], %(refunded)s::bigint[], %(donors)s::bigint[])
             AS added(campaign_id, captured, refunded, donors),
         campaigns_campaign AS campaign
    WHERE totals.campaign_id = added.campaign_id AND campaign.id = added.campaign_id
    RETURNING totals.campaign_id, totals.raised, totals.donor_count, totals.version, totals.goal_reached_at,
              campaign.goal_amount, campaign.currency, campaign.manager_id
"""
_REACHED = (
    "UPDATE campaigns_totals SET goal_reached_at = %(now)s WHERE campaign_id = ANY(%(ids)s) AND goal_reached_at IS NULL"
)


def fold_totals(*, changes: Sequence[data.TotalChange]) -> list[data.Totals]:
    """Add the changes to the totals of their campaigns, in a constant number of statements.

    Call inside the transaction that marks their cause as done. Publishes CampaignProgressed per campaign, and
    CampaignGoalReached the first time that a total reaches its goal.
    """
    if not changes:
        return []
    ids = sorted({change.campaign_id for change in changes})
    db.rows(_LOCK, {"ids": ids})
    donors = _count_backers(changes)
    captured: dict[UUID, int] = defaultdict(int)
    refunded: dict[UUID, int] = defaultdict(int)
    for change in changes:
        captured[change.campaign_id] += change.captured
        refunded[change.campaign_id] += change.refunded
    rows = db.rows(
        _TOTALS,
        {
            "ids": ids,
            "captured": [captured[each] for each in ids],
            "refunded": [refunded[each] for each in ids],
            "donors": [donors.get(each, 0) for each in ids],
        },
    )
    reached = [row for row in rows if row["goal_reached_at"] is None and row["raised"] >= row["goal_amount"]]
    if reached:
        db.execute(_REACHED, {"now": clock.now(), "ids": [row["campaign_id"] for row in reached]})
    outbox.publish(
        *(
            CampaignProgressed(
                campaign_id=row["campaign_id"],
                raised_amount=row["raised"],
                goal_amount=row["goal_amount"],
                currency=row["currency"],
                donor_count=row["donor_count"],
                progress_percent=row["raised"] * 100 // row["goal_amount"],
                totals_version=row["version"],
            )
            for row in rows
        ),
        *(
            CampaignGoalReached(
                campaign_id=row["campaign_id"],
                manager_id=row["manager_id"],
                goal_amount=row["goal_amount"],
                raised_amount=row["raised"],
                currency=row["currency"],
            )
            for row in reached
        ),
    )
    return [data.Totals(row["campaign_id"], row["raised"], row["donor_count"], row["version"]) for row in rows]


def _count_backers(changes: Sequence[data.TotalChange]) -> dict[UUID, int]:
    gifts: dict[tuple[UUID, str], int] = defaultdict(int)
    for change in changes:
        gifts[change.campaign_id, change.donor_key] += change.gifts
    keys = [key for key, number in gifts.items() if number]
    if not keys:
        return {}
    params = {
        "campaigns": [campaign_id for campaign_id, _ in keys],
        "donors": [donor_key for _, donor_key in keys],
        "gifts": [gifts[key] for key in keys],
    }
    return {row["campaign_id"]: row["donors"] for row in db.rows(_BACKERS, params)}
