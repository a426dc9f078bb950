"""Refunds on their way back in: success and failure are marked on the refund, then counted once on the pledge."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from apps.payments.events import PaymentRefunded, PaymentRefundFailed
from apps.platform import clock, db
from apps.platform.ids import new_id

from ..events import PledgeRefunded

_SUCCEEDED = """
    UPDATE pledges_refund AS refund SET status = 'succeeded', transaction = wanted.transaction
    FROM unnest(%(ids)s::uuid[], %(transactions)s::text[]) AS wanted(id, transaction)
    WHERE refund.id = wanted.id AND refund.status = 'pending'
"""
_FROM_OUTSIDE = """
    INSERT INTO pledges_refund (id, pledge_id, amount, reason, status, is_reserved, transaction, created_at)
    SELECT id, pledge_id, amount, 'provider', 'succeeded', false, transaction, %(now)s
    FROM unnest(%(ids)s::uuid[], %(pledges)s::uuid[], %(amounts)s::bigint[], %(transactions)s::text[])
        AS told(id, pledge_id, amount, transaction)
    ON CONFLICT DO NOTHING
"""
_GIVEN_UP = """
    WITH ended AS (
        UPDATE pledges_refund SET status = 'failed' WHERE id = ANY(%(ids)s::uuid[]) AND status = 'pending'
        RETURNING pledge_id, amount, is_reserved
    )
    UPDATE pledges_pledge AS pledge SET refund_reserved = refund_reserved - freed.amount
    FROM (SELECT pledge_id, sum(amount) AS amount FROM ended WHERE is_reserved GROUP BY pledge_id) AS freed
    WHERE pledge.id = freed.pledge_id
"""
# The pledges are locked first, by id; a refund counts only while everything counted stays within what was captured.
_LOCK = """
    SELECT id FROM pledges_pledge WHERE id = ANY(%(pledges)s::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""
_COUNT = """
    WITH waiting AS (
        SELECT refund.id, refund.pledge_id, refund.amount, refund.is_reserved,
               sum(refund.amount) OVER earlier AS so_far,
               sum(CASE WHEN refund.is_reserved THEN refund.amount ELSE 0 END) OVER earlier AS freed
        FROM pledges_refund AS refund
        WHERE refund.pledge_id = ANY(%(pledges)s::uuid[]) AND refund.status = 'succeeded' AND refund.counted_at IS NULL
        WINDOW earlier AS (PARTITION BY refund.pledge_id ORDER BY refund.is_reserved DESC, refund.id)
    ), fitting AS (
        SELECT waiting.*, pledge.refunded_amount + waiting.so_far AS refunded_amount
        FROM waiting JOIN pledges_pledge AS pledge ON pledge.id = waiting.pledge_id
        WHERE pledge.status = 'captured'
          AND pledge.refunded_amount + waiting.so_far + pledge.refund_reserved - waiting.freed + pledge.charged_back_amount
              <= pledge.captured_amount
    ), counted AS (
        UPDATE pledges_refund SET counted_at = %(now)s FROM fitting WHERE pledges_refund.id = fitting.id
    ), told AS (
        UPDATE pledges_pledge AS pledge
        SET refunded_amount = pledge.refunded_amount + total.amount, refund_reserved = pledge.refund_reserved - total.freed
        FROM (
            SELECT pledge_id, sum(amount) AS amount, sum(CASE WHEN is_reserved THEN amount ELSE 0 END) AS freed
            FROM fitting GROUP BY pledge_id
        ) AS total
        WHERE pledge.id = total.pledge_id
        RETURNING pledge.id, pledge.campaign_id, pledge.currency, pledge.donor_id, pledge.donor_key, pledge.is_anonymous,
                  pledge.captured_amount
    )
    SELECT fitting.id AS refund_id, fitting.amount, fitting.refunded_amount, told.* FROM fitting JOIN told ON told.id = fitting.pledge_id
"""


def record_refunds(facts: Sequence[PaymentRefunded]) -> None:
    """Mark our refunds as succeeded and note those that were made without us: by the provider on its own, or by payments
    on a person's decision. Does not touch the pledge."""
    if ours := [fact for fact in facts if fact.refund_id]:
        db.execute(
            _SUCCEEDED,
            {"ids": [fact.refund_id for fact in ours], "transactions": [str(fact.transaction) for fact in ours]},
        )
    if facts:
        db.execute(
            _FROM_OUTSIDE,
            {
                "now": clock.now(),
                "ids": [fact.refund_id or new_id() for fact in facts],
                "pledges": [fact.reference for fact in facts],
                "amounts": [fact.amount for fact in facts],
                "transactions": [str(fact.transaction) for fact in facts],
            },
        )


def give_up_refunds(facts: Sequence[PaymentRefundFailed]) -> None:
    """End refunds that the provider refused; what they had reserved is free again."""
    if facts:
        _lock({fact.reference for fact in facts})
        db.execute(_GIVEN_UP, {"ids": [fact.refund_id for fact in facts]})


def count_refunds(pledge_ids: Collection[UUID]) -> list[PledgeRefunded]:
    """Enter succeeded refunds into the amounts of captured pledges, each once; returns the facts to announce.

    A refund that does not fit yet (its capture or the end of another refund is still to come) waits for the next call.
    """
    if not pledge_ids:
        return []
    now = clock.now()
    _lock(pledge_ids)
    return [
        PledgeRefunded(
            pledge_id=row["id"],
            campaign_id=row["campaign_id"],
            currency=row["currency"],
            amount=row["amount"],
            donor_id=row["donor_id"],
            donor_key=row["donor_key"],
            is_anonymous=row["is_anonymous"],
            occurred_at=now,
            refund_id=row["refund_id"],
            refunded_amount=int(row["refunded_amount"]),
            is_full=row["refunded_amount"] == row["captured_amount"],
        )
        for row in db.rows(_COUNT, {"pledges": sorted(pledge_ids), "now": now})
    ]


def _lock(pledge_ids: Collection[UUID]) -> None:
    db.rows(_LOCK, {"pledges": sorted(pledge_ids)})
