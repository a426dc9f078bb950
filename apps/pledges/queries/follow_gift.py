from __future__ import annotations

from typing import Any

from apps.platform import db

from ..data import TimelineEntry, TrackedGift
from ..errors import PledgeNotFound
from ..states import shown_status
from .receipts import receipt_number
from .tokens import TOKEN_LENGTH, token_hash

_GIFT = """
    SELECT pledge.id, pledge.status, pledge.amount, pledge.currency, pledge.campaign_id, pledge.campaign_title,
           pledge.captured_amount, pledge.refunded_amount, pledge.failure_reason, pledge.cover_amount, receipt.series, receipt.number
    FROM pledges_pledge AS pledge LEFT JOIN pledges_receipt AS receipt ON receipt.pledge_id = pledge.id
    WHERE pledge.tracking_hash = %s
"""
_WAY = """
    SELECT target AS status, at, 0 AS refunded FROM pledges_statechange WHERE pledge_id = %(id)s
    UNION ALL
    SELECT 'captured', counted_at, amount FROM pledges_refund WHERE pledge_id = %(id)s AND counted_at IS NOT NULL
    ORDER BY at, refunded
"""


def follow_gift(*, tracking_token: str) -> TrackedGift:
    """The gift behind a tracking token, for whoever holds it. Raises PledgeNotFound alike for wrong and unknown tokens."""
    found = db.rows(_GIFT, [token_hash(tracking_token)]) if len(tracking_token) == TOKEN_LENGTH else []
    if not found:
        raise PledgeNotFound
    gift = found[0]
    return TrackedGift(
        pledge_id=gift["id"],
        status=shown_status(gift["status"], captured=gift["captured_amount"], refunded=gift["refunded_amount"]),
        amount=gift["amount"],
        currency=gift["currency"],
        campaign_id=gift["campaign_id"],
        campaign_title=gift["campaign_title"],
        refunded_amount=gift["refunded_amount"],
        failure_reason=gift["failure_reason"],
        timeline=_timeline(db.rows(_WAY, {"id": gift["id"]}), gift["captured_amount"]),
        receipt_number=receipt_number(gift["series"], gift["number"]) if gift["series"] else "",
        cover_amount=gift["cover_amount"],
    )


def _timeline(steps: list[dict[str, Any]], captured: int) -> tuple[TimelineEntry, ...]:
    """History and counted refunds as what was shown from then on."""
    timeline, refunded = [], 0
    for step in steps:
        refunded += step["refunded"]
        timeline.append(
            TimelineEntry(status=shown_status(step["status"], captured=captured, refunded=refunded), at=step["at"])
        )
    return tuple(timeline)
