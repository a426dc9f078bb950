"""What a second person says about a large refund. Nobody decides what they asked for; the database refuses it, too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.payments import interface as payments
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, Invalid
from apps.platform.text import clean_text

from ..data import REASON_MAX
from ..errors import OwnRefund, RefundDecided, RefundNotFound

_FIND = """
    SELECT refund.id, refund.pledge_id, refund.amount, refund.requested_by_id, pledge.campaign_id, pledge.currency
    FROM pledges_refund AS refund JOIN pledges_pledge AS pledge ON pledge.id = refund.pledge_id WHERE refund.id = %s
"""
_LOCK = "SELECT id FROM pledges_pledge WHERE id = %s FOR NO KEY UPDATE"
_APPROVE = """
    UPDATE pledges_refund SET status = 'pending', approved_by_id = %(by)s, decided_at = %(now)s, decision_note = %(note)s
    WHERE id = %(id)s AND status = 'awaiting'
"""
_DECLINE = """
    WITH ended AS (
        UPDATE pledges_refund SET status = 'failed', declined_by_id = %(by)s, decided_at = %(now)s, decision_note = %(note)s
        WHERE id = %(id)s AND status = 'awaiting' RETURNING pledge_id, amount
    )
    UPDATE pledges_pledge SET refund_reserved = refund_reserved - ended.amount FROM ended WHERE pledges_pledge.id = ended.pledge_id
"""


def approve_refund(*, refund_id: UUID, by: Actor, note: str = "") -> None:
    """Have the payment give the reserved money back. Somebody else than who asked, who looks after the campaign's money.

    Raises RefundNotFound, Forbidden, OwnRefund, RefundDecided, Invalid.
    """
    found = _decidable(refund_id, by)
    if by.user_id == found["requested_by_id"]:
        raise OwnRefund
    with transaction.atomic():
        _decide(_APPROVE, found, by, note)
        payments.request_refund(reference=found["pledge_id"], refund_id=refund_id, amount=found["amount"])
        _record(found, by, "approve")


def decline_refund(*, refund_id: UUID, by: Actor, note: str = "") -> None:
    """Let go of the reserved money: the gift stays. Also whoever asked, who takes it back. Raises as `approve_refund`."""
    found = _decidable(refund_id, by)
    with transaction.atomic():
        _decide(_DECLINE, found, by, note)
        _record(found, by, "decline")


def _decidable(refund_id: UUID, by: Actor) -> dict[str, Any]:
    rows = db.rows(_FIND, [refund_id])
    if not rows or not campaigns.may_handle_money(campaign_id=rows[0]["campaign_id"], actor=by):
        raise RefundNotFound
    if by.user_id is None:
        raise Forbidden(_("A person decides about refunds."))
    return rows[0]


def _decide(statement: str, found: dict[str, Any], by: Actor, note: str) -> None:
    """Under the pledge's lock, which comes before the payment's."""
    try:
        note = clean_text(note, REASON_MAX)
    except ValueError as error:
        raise Invalid.field("note", "invalid", str(error)) from None
    db.rows(_LOCK, [found["pledge_id"]])
    if not db.execute(statement, {"id": found["id"], "by": by.user_id, "now": clock.now(), "note": note}):
        raise RefundDecided


def _record(found: dict[str, Any], by: Actor, verb: str) -> None:
    detail = {"refund": found["id"], "amount": found["amount"], "currency": found["currency"]}
    accounts.record_action(by=by, action=f"pledge.{verb}_refund", subject_id=found["pledge_id"], detail=detail)
