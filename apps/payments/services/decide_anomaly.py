"""What a person does about a finding: an existing service each, safe to repeat, written down with who and when."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from apps.outbox import interface as outbox
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.errors import Invalid
from apps.platform.text import clean_text

from ..data import NOTE_MAX, Anomaly
from ..errors import ActionNotPossible, AnomalyClosed, AnomalyNotFound
from ..events import AnomalyDecided
from ..queries.anomalies import get_anomaly
from ..queries.anomaly_kinds import actions_of
from ..states import AnomalyAction, AnomalyState, OperationKind
from .request_refund import request_refund
from .settle import intend

REFUNDS = UUID("6c1f6f0e-6b0b-4f0a-9f43-0e4d5c1f7a52")
"""The name space of refunds that a decision asks for: one finding is one refund."""

# The payment first: the lock order. A finding without a payment locks itself alone.
_LOCK_PAYMENT = """
    SELECT payment.id, payment.reference, payment.provider, payment.amount, payment.currency,
           payment.captured_amount - payment.refunded_amount - payment.refund_reserved AS refundable
    FROM payments_payment AS payment JOIN payments_anomaly AS anomaly ON anomaly.payment_id = payment.id
    WHERE anomaly.id = %s FOR NO KEY UPDATE OF payment
"""
_LOCK = "SELECT id, kind, state, payment_id FROM payments_anomaly WHERE id = %s FOR NO KEY UPDATE"
_CLOSE = "UPDATE payments_anomaly SET state = %s, resolved_at = %s WHERE id = %s AND state = 'open'"
_WRITE_DOWN = """
    INSERT INTO payments_anomalydecision (anomaly_id, action, by_id, by_kind, note, at) VALUES (%s, %s, %s, %s, %s, %s)
"""
_LAST = "SELECT action FROM payments_anomalydecision WHERE anomaly_id = %s AND action <> 'ask'"


def decide_anomaly(*, anomaly_id: int, action: str, by: Actor, note: str = "") -> Anomaly:
    """Do `action` about a finding: ask the provider again (it stays open), accept what stands, refund all that is left of
    the payment, or dismiss it. The same decision twice is one. Does not check permissions; calls nobody itself.

    Raises AnomalyNotFound, ActionNotPossible for what the kind does not offer, AnomalyClosed when it was decided
    otherwise or has settled, Invalid for a note that cannot be used.
    """
    try:
        note = clean_text(note, NOTE_MAX)
    except ValueError as error:
        raise Invalid.field("note", "invalid", str(error)) from None
    with transaction.atomic():
        payment = next(iter(db.rows(_LOCK_PAYMENT, [anomaly_id])), None)
        found = db.rows(_LOCK, [anomaly_id])
        if not found:
            raise AnomalyNotFound
        if found[0]["state"] != AnomalyState.OPEN:
            _require_same(anomaly_id, action)
        elif _act(found[0], _possible(found[0], action, payment), payment):
            _write_down(found[0], AnomalyAction(action), payment, by, note)
        return get_anomaly(anomaly_id=anomaly_id)


def _require_same(anomaly_id: int, action: str) -> None:
    if [row["action"] for row in db.rows(_LAST, [anomaly_id])] != [action]:
        raise AnomalyClosed


def _possible(anomaly: dict[str, Any], action: str, payment: dict[str, Any] | None) -> AnomalyAction:
    refundable, currency = (payment["refundable"], payment["currency"]) if payment else (0, None)
    known = payment is not None
    for possible in actions_of(anomaly["kind"], is_payment_known=known, refundable=refundable, currency=currency):
        if possible == action:
            return possible
    raise ActionNotPossible


def _act(anomaly: dict[str, Any], action: AnomalyAction, payment: dict[str, Any] | None) -> bool:
    """Do it; returns whether anything new was done. A question that is under way already is enough."""
    if action is AnomalyAction.ASK and payment:
        return intend([(payment["id"], payment["provider"], OperationKind.RETRIEVE, payment["amount"])]) == 1
    if action is AnomalyAction.REFUND and payment:
        refund_id = uuid5(REFUNDS, str(anomaly["id"]))
        request_refund(reference=payment["reference"], refund_id=refund_id, amount=payment["refundable"])
    state = AnomalyState.DISMISSED if action is AnomalyAction.DISMISS else AnomalyState.RESOLVED
    return db.execute(_CLOSE, [state, clock.now(), anomaly["id"]]) == 1


def _write_down(
    anomaly: dict[str, Any], action: AnomalyAction, payment: dict[str, Any] | None, by: Actor, note: str
) -> None:
    now, by_id = clock.now(), by.user_id or by.api_key_id
    by_kind = "user" if by.user_id else "api-key" if by.api_key_id else "system"
    db.execute(_WRITE_DOWN, [anomaly["id"], action, by_id, by_kind, note, now])
    outbox.publish(
        AnomalyDecided(
            anomaly_id=anomaly["id"],
            kind=anomaly["kind"],
            action=action,
            payment_id=anomaly["payment_id"],
            reference=payment["reference"] if payment else None,
            by_id=by_id,
            by_kind=by_kind,
            at=now,
        )
    )
