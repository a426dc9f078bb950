"""What a campaign has, what of it was paid out, and what may be paid out now."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.conf import settings

from apps.campaigns import interface as campaigns
from apps.platform import db
from apps.platform.actors import Actor
from apps.pledges import interface as pledges

from .. import data
from ..states import OPEN, Status

_GONE = """
    SELECT campaign_id, coalesce(sum(amount) FILTER (WHERE status = %(paid)s), 0)::bigint AS paid_out,
           coalesce(sum(fee) FILTER (WHERE status = %(paid)s), 0)::bigint AS fees,
           coalesce(sum(amount + fee) FILTER (WHERE status = ANY(%(open)s)), 0)::bigint AS reserved,
           coalesce(max(captured) FILTER (WHERE status = %(paid)s OR status = ANY(%(open)s)), 0)::bigint AS covered
    FROM payouts_payout WHERE campaign_id = ANY(%(ids)s) GROUP BY campaign_id
"""
_NOTHING = {"paid_out": 0, "fees": 0, "reserved": 0, "covered": 0}


def balances(*, campaign_ids: Collection[UUID]) -> dict[UUID, data.Balance]:
    """The balances of these campaigns in a constant number of queries. Does not check permissions.

    Totals come from campaigns, refunds that have not ended from pledges, the rest is ours. The fee is that of what was
    captured since the last payout, rounded down.
    """
    ids = list(campaign_ids)
    known = campaigns.get_totals(campaign_ids=ids)
    under_way = pledges.refunds_under_way(campaign_ids=ids)
    params = {"ids": ids, "paid": Status.PAID, "open": [str(each) for each in OPEN]}
    gone = {row["campaign_id"]: row for row in db.rows(_GONE, params)}
    found = {}
    for campaign_id, totals in known.items():
        row = gone.get(campaign_id, _NOTHING)
        new = max(0, totals.captured - row["covered"])
        found[campaign_id] = data.Balance(
            campaign_id=campaign_id,
            currency=totals.currency,
            captured=totals.captured,
            refunded=totals.refunded,
            under_way=under_way.get(campaign_id, 0),
            fees=row["fees"],
            paid_out=row["paid_out"],
            reserved=row["reserved"],
            fee_base=new,
            fee=new * int(settings.PAYOUT_FEE_BASIS_POINTS) // 10_000,
        )
    return found


def balance_of(*, campaign_id: UUID) -> data.Balance | None:
    """One campaign's balance, None for a campaign that does not exist. Does not check permissions."""
    return balances(campaign_ids=[campaign_id]).get(campaign_id)


def owing(*, viewer: Actor) -> list[data.Balance]:
    """Campaigns that were paid out and have given back more since than they have. For staff all, else the viewer's own."""
    late = [row["campaign_id"] for row in db.rows("SELECT DISTINCT campaign_id FROM payouts_laterefund")]
    if late and not viewer.is_staff:
        own = set(campaigns.money_campaign_ids(user_id=viewer.user_id))
        late = [each for each in late if each in own]
    found = balances(campaign_ids=late).values() if late else ()
    return [each for each in found if each.available < 0]
