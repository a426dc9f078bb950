"""Refunds that wait for a second person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apps.campaigns import interface as campaigns
from apps.platform import db
from apps.platform.actors import Actor

from ..data import AwaitingRefund
from ..errors import RefundDecided, RefundNotFound

_AWAITING = """
    SELECT refund.id, refund.pledge_id, pledge.campaign_id, pledge.campaign_title, refund.amount, pledge.currency,
           refund.reason, refund.requested_by_id, refund.created_at, refund.status
    FROM pledges_refund AS refund JOIN pledges_pledge AS pledge ON pledge.id = refund.pledge_id
    WHERE (%(all)s OR pledge.campaign_id = ANY(%(own)s)) AND refund.needs_approval
"""


def awaiting_refunds(*, viewer: Actor, limit: int = 100) -> list[AwaitingRefund]:
    """The oldest first; for staff all, for others those of the campaigns whose money they look after. Two queries."""
    waiting = f"{_AWAITING} AND refund.status = 'awaiting' ORDER BY refund.id LIMIT %(limit)s"
    rows = db.rows(waiting, _scope(viewer) | {"limit": limit})
    return [AwaitingRefund(**{name: value for name, value in row.items() if name != "status"}) for row in rows]


def awaiting_refund(*, refund_id: UUID, viewer: Actor) -> AwaitingRefund:
    """One of them. Raises RefundNotFound, and RefundDecided for one that waits no more."""
    rows = db.rows(f"{_AWAITING} AND refund.id = %(id)s", _scope(viewer) | {"id": refund_id})
    if not rows:
        raise RefundNotFound
    if rows[0].pop("status") != "awaiting":
        raise RefundDecided
    return AwaitingRefund(**rows[0])


def _scope(viewer: Actor) -> dict[str, Any]:
    return {
        "all": viewer.is_staff,
        "own": [] if viewer.is_staff else campaigns.money_campaign_ids(user_id=viewer.user_id),
    }
