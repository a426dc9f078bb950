from __future__ import annotations

from collections.abc import Sequence

from apps.platform import db
from apps.pledges.events import PledgeRefunded

_NOTE = """
    INSERT INTO payouts_laterefund (refund_id, campaign_id, amount, currency, at)
    SELECT told.refund_id, told.campaign_id, told.amount, told.currency, told.at
    FROM unnest(%(refunds)s::uuid[], %(campaigns)s::uuid[], %(amounts)s::bigint[], %(currencies)s::text[], %(at)s::timestamptz[])
             AS told(refund_id, campaign_id, amount, currency, at)
    WHERE EXISTS (SELECT FROM payouts_payout AS payout WHERE payout.campaign_id = told.campaign_id
                  AND payout.status IN ('approved', 'sending', 'paid') AND payout.requested_at < told.at)
    ON CONFLICT (refund_id) DO NOTHING
"""


def note_refunds(*, facts: Sequence[PledgeRefunded]) -> None:
    """Keep each refund of a campaign that was paid out before, so that nothing goes back after a payout unseen."""
    db.execute(
        _NOTE,
        {
            "refunds": [each.refund_id for each in facts],
            "campaigns": [each.campaign_id for each in facts],
            "amounts": [each.amount for each in facts],
            "currencies": [each.currency for each in facts],
            "at": [each.occurred_at for each in facts],
        },
    )
