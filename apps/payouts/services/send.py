"""Approved payouts go to the bank: a lease is committed, the bank is called outside any transaction, its answer recorded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from apps.outbox import interface as outbox
from apps.platform import clock, db

from .. import gateway
from ..events import PayoutFailed, PayoutPaid
from ..gateway import Answer, Outcome
from ..models import Payout
from ..states import MOVES, Status
from .request import fact_of

BATCH = 5
# A lease longer than two calls can take. Whoever takes a payout over asks the bank first what became of it.
_CLAIM = """
    WITH due AS (
        SELECT id, status FROM payouts_payout WHERE due_at <= statement_timestamp() AND status IN ('approved', 'sending')
        ORDER BY due_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE payouts_payout AS payout
    SET status = 'sending', attempts = payout.attempts + 1, due_at = statement_timestamp() + interval '30 seconds'
    FROM due WHERE payout.id = due.id
    RETURNING payout.id, payout.account, payout.amount, payout.currency, due.status = 'sending' AS was_called
"""
_LATER = """
    UPDATE payouts_payout SET due_at = statement_timestamp() + least(3600, 2 ^ least(attempts, 12)) * interval '1 second'
    WHERE id = %s AND status = 'sending'
"""


def send_payouts() -> int:
    """Call the bank for what is due. Returns how many calls ended. Raises RuntimeError inside a transaction."""
    if db.in_transaction():
        raise RuntimeError("payouts are claimed, and the bank called, outside transactions only")
    claimed = db.rows(_CLAIM, [BATCH])
    for row in claimed:
        record(row["id"], _call(row))
    return len(claimed)


def record(payout_id: UUID, answer: Answer) -> bool:
    """Write down what the bank said, with its fact, once. Returns whether the payout ended by it."""
    with transaction.atomic():
        if answer.outcome == Outcome.DONE:
            return _end(payout_id, Status.PAID, transfer=answer.transfer)
        if answer.outcome == Outcome.DECLINED:
            return _end(payout_id, Status.FAILED, failure_reason=answer.reason)
        db.execute(_LATER, [payout_id])
        return False


def _call(row: dict[str, Any]) -> Answer:
    bank = gateway.bank()
    if row["was_called"]:
        known = bank.find(reference=row["id"], amount=row["amount"])
        if known.outcome != Outcome.ABSENT:
            return known
    return bank.send(reference=row["id"], account=row["account"], amount=row["amount"], currency=row["currency"])


def _end(payout_id: UUID, target: Status, **told: str) -> bool:
    moved = Payout.objects.filter(pk=payout_id, status__in=MOVES.sources_of(target)).update(
        status=target, due_at=None, ended_at=clock.now(), **told
    )
    if moved:
        fact = fact_of(Payout.objects.get(pk=payout_id))
        if target == Status.PAID:
            outbox.publish(PayoutPaid(**fact, transfer=told["transfer"]))
        else:
            outbox.publish(PayoutFailed(**fact, reason=told["failure_reason"]))
    return bool(moved)
