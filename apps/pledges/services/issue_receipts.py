"""Receipts: one per captured gift, numbered without gaps in each year, in the transaction that handles the captures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC
from typing import Any
from uuid import uuid4

from django.conf import settings

from apps.campaigns import interface as campaigns
from apps.outbox import interface as outbox
from apps.platform import clock, db

from ..events import PledgeCaptured, ReceiptIssued

# The counter's row stays locked until commit: nobody else numbers this year meanwhile, and what is rolled back leaves no gap.
_LOCK = """
    INSERT INTO pledges_receiptcounter AS counter (series, last) VALUES (%s, 0)
    ON CONFLICT (series) DO UPDATE SET last = counter.last
"""
# A statement of its own behind the lock, so that it sees every receipt that was committed before.
_ISSUE = """
    WITH due AS (
        SELECT wanted.*, pledge.campaign_title, pledge.campaign_id, pledge.donor_id, pledge.donor_key, pledge.is_anonymous,
               pledge.captured_amount, pledge.currency, pledge.captured_at,
               row_number() OVER (ORDER BY pledge.captured_at, pledge.id) AS place
        FROM unnest(%(pledges)s::uuid[], %(codes)s::uuid[], %(organizers)s::text[]) AS wanted(pledge_id, code, organizer)
        JOIN pledges_pledge AS pledge ON pledge.id = wanted.pledge_id
        WHERE pledge.status = 'captured'
          AND NOT EXISTS (SELECT 1 FROM pledges_receipt AS receipt WHERE receipt.pledge_id = pledge.id)
    ), counted AS (
        UPDATE pledges_receiptcounter AS counter SET last = counter.last + (SELECT count(*) FROM due)
        WHERE series = %(series)s RETURNING counter.last - (SELECT count(*) FROM due) AS before
    ), issued AS (
        INSERT INTO pledges_receipt (pledge_id, code, series, number, campaign_title, organizer, issuer, issuer_details,
                                     amount, currency, given_at, issued_at)
        SELECT due.pledge_id, due.code, %(series)s, counted.before + due.place, due.campaign_title, due.organizer,
               %(issuer)s, %(details)s, due.captured_amount, due.currency, due.captured_at, %(now)s
        FROM due CROSS JOIN counted
    )
    SELECT pledge_id, campaign_id, donor_id, donor_key, is_anonymous, captured_amount AS amount, currency,
           %(series)s AS series, counted.before + place AS number
    FROM due CROSS JOIN counted ORDER BY place
"""


def issue_receipts(captures: Sequence[PledgeCaptured]) -> None:
    """Give each of these gifts its receipt, unless it has one. Publishes ReceiptIssued. Three statements a year and batch."""
    organizers = {
        campaign_id: campaign.organizer_name
        for campaign_id, campaign in campaigns.get_campaigns(
            campaign_ids={each.campaign_id for each in captures}
        ).items()
    }
    by_series: dict[str, list[PledgeCaptured]] = defaultdict(list)
    for each in {each.pledge_id: each for each in captures}.values():
        by_series[str(each.occurred_at.astimezone(UTC).year)].append(each)
    now = clock.now()
    issued: list[dict[str, Any]] = []
    for series, gifts in sorted(by_series.items()):
        db.execute(_LOCK, [series])
        issued += db.rows(
            _ISSUE,
            {
                "series": series,
                "pledges": [each.pledge_id for each in gifts],
                "codes": [uuid4() for _ in gifts],
                "organizers": [organizers.get(each.campaign_id, "") for each in gifts],
                "issuer": settings.ORGANISATION_NAME,
                "details": settings.ORGANISATION_DETAILS,
                "now": now,
            },
        )
    outbox.publish(*(ReceiptIssued(occurred_at=now, **row) for row in issued))
