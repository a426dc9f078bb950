"""Giving money back: it is reserved on the pledge in the moment it is asked for, so that two requests can never exceed it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts import interface as accounts
from apps.payments import interface as payments
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.errors import Invalid
from apps.platform.ids import new_id
from apps.platform.text import clean_text

from ..data import REASON_MAX, Refund
from ..errors import InvalidTransition, RefundExceedsCaptured
from ..queries.pledges import require_managed
from ..states import RefundStatus

_RESERVE = """
    WITH pledge AS (
        SELECT id, captured_amount - refunded_amount - refund_reserved - charged_back_amount AS left_over
        FROM pledges_pledge WHERE id = %(id)s FOR NO KEY UPDATE
    )
    UPDATE pledges_pledge SET refund_reserved = refund_reserved + coalesce(%(amount)s::bigint, left_over)
    FROM pledge
    WHERE pledges_pledge.id = pledge.id AND status = 'captured' AND left_over >= coalesce(%(amount)s::bigint, 1)
    RETURNING coalesce(%(amount)s::bigint, left_over) AS amount, currency
"""
_NOTE = """
    INSERT INTO pledges_refund (id, pledge_id, amount, reason, status, is_reserved, requested_by_id, needs_approval, created_at)
    VALUES (%(id)s, %(pledge_id)s, %(amount)s, %(reason)s, %(status)s, true, %(by)s, %(awaits)s, %(now)s)
"""
# What one person has sent back of this gift so far: many small refunds are one large one.
_ALONE = """
    SELECT coalesce(sum(amount), 0)::bigint AS amount FROM pledges_refund
    WHERE pledge_id = %s AND is_reserved AND status <> 'failed' AND approved_by_id IS NULL
"""


def refund_pledge(*, pledge_id: UUID, by: Actor, amount: int | None = None, reason: str) -> Refund:
    """Reserve `amount` minor units (all that is left by default) and have the payment give them back; above the limit of
    the currency (REFUND_APPROVAL_ABOVE) only once a second person approves, until then it is `awaiting`.

    For the campaign's managers and staff. Raises PledgeNotFound, Forbidden, Invalid, InvalidTransition (nothing was
    captured), RefundExceedsCaptured.
    """
    if amount is not None and (type(amount) is not int or not 0 < amount < 2**63):
        raise Invalid.field("amount", "invalid", _("The amount is a whole number of minor units above zero."))
    try:
        reason = clean_text(reason, REASON_MAX)
    except ValueError as error:
        raise Invalid.field("reason", "invalid", str(error)) from None
    if not reason:
        raise Invalid.field("reason", "required", _("Say why the money goes back."))
    with transaction.atomic():
        pledge = require_managed(pledge_id=pledge_id, actor=by)
        refund = start_refund(pledge_id=pledge_id, amount=amount, reason=reason, by_id=by.user_id)
        if refund is None:
            raise RefundExceedsCaptured if pledge.captured_amount else InvalidTransition(_("Nothing was captured."))
        detail = {
            "refund": refund.id,
            "amount": refund.amount,
            "currency": refund.currency,
            "status": str(refund.status),
        }
        accounts.record_action(by=by, action="pledge.refund", subject_id=pledge_id, detail=detail)
    return refund


def start_refund(*, pledge_id: UUID, amount: int | None, reason: str, by_id: UUID | None) -> Refund | None:
    """Reserve, note and ask the payment, in the open transaction; None when that much is not left. Checks no permission.

    What the system gives back by itself needs nobody's approval.
    """
    reserved = db.rows(_RESERVE, {"id": pledge_id, "amount": amount})
    if not reserved:
        return None
    awaits = by_id is not None and _is_large(pledge_id, reserved[0])
    refund = Refund(
        id=new_id(),
        pledge_id=pledge_id,
        amount=reserved[0]["amount"],
        currency=reserved[0]["currency"],
        reason=reason,
        status=RefundStatus.AWAITING if awaits else RefundStatus.PENDING,
        created_at=clock.now(),
    )
    db.execute(
        _NOTE,
        {
            "id": refund.id,
            "pledge_id": pledge_id,
            "amount": refund.amount,
            "reason": reason,
            "status": str(refund.status),
            "awaits": awaits,
            "by": by_id,
            "now": refund.created_at,
        },
    )
    if not awaits:
        payments.request_refund(reference=pledge_id, refund_id=refund.id, amount=refund.amount)
    return refund


def _is_large(pledge_id: UUID, reserved: dict[str, Any]) -> bool:
    """Whether a second person has to approve. The pledge's row is locked, so that nobody adds to the sum meanwhile."""
    limit = settings.REFUND_APPROVAL_ABOVE.get(reserved["currency"])
    return limit is not None and db.rows(_ALONE, [pledge_id])[0]["amount"] + reserved["amount"] > limit
