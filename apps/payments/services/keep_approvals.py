"""Tell providers of approvals that begin or end: lease committed, calls in threads, answers recorded by guarded updates."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.outbox import interface as outbox
from apps.platform import clock, db
from apps.platform.retry import backoff

from .. import gateway
from ..events import ApprovalGiven, ApprovalRefused
from ..gateway import ApprovalAnswer, Outcome

BATCH, THREADS = 32, 8
LEASE = timedelta(seconds=30)
GIVEN_UP_AFTER = timedelta(days=3)
_CLAIM = """
    UPDATE payments_approval SET attempts = attempts + 1, due_at = statement_timestamp() + %(lease)s
    WHERE id IN (
        SELECT id FROM payments_approval WHERE due_at <= statement_timestamp() ORDER BY due_at LIMIT %(limit)s
        FOR NO KEY UPDATE SKIP LOCKED
    )
    RETURNING id, provider, account, coalesce(token, '') AS token, status, attempts, created_at
"""
_KEPT = """
    UPDATE payments_approval SET status = 'active', token = %(token)s, account = '', due_at = NULL, updated_at = %(now)s
    WHERE id = %(id)s AND status = 'pending'
"""
# Ended while the provider was being asked: the token is noted, so that the end finds it.
_KEPT_TOO_LATE = (
    "UPDATE payments_approval SET token = %(token)s WHERE id = %(id)s AND status = 'ending' AND token IS NULL"
)
_REFUSED = """
    UPDATE payments_approval SET status = 'refused', reason = %(reason)s, account = '', due_at = NULL, updated_at = %(now)s
    WHERE id = %(id)s AND status = 'pending'
"""
_ENDED = """
    UPDATE payments_approval SET status = 'ended', reason = %(reason)s, due_at = NULL, updated_at = %(now)s
    WHERE id = %(id)s AND status = 'ending'
"""
_LATER = """
    UPDATE payments_approval SET due_at = statement_timestamp() + %(wait)s WHERE id = %(id)s AND due_at IS NOT NULL
"""


@dataclass(frozen=True)
class _Claimed:
    id: UUID
    provider: str
    account: str
    token: str
    status: str
    attempts: int
    created_at: datetime


def keep_approvals() -> int:
    """Carry out what is due, in any number of processes. Returns how many were answered. Call it outside a transaction."""
    if db.in_transaction():
        raise RuntimeError("providers are called outside transactions only")
    claimed = [_Claimed(**row) for row in db.rows(_CLAIM, {"lease": LEASE, "limit": BATCH})]
    if not claimed:
        return 0
    with ThreadPoolExecutor(min(THREADS, len(claimed)), thread_name_prefix="approval") as pool:
        answers = list(pool.map(_call, claimed))
    for approval, answer in zip(claimed, answers, strict=True):
        _record(approval, answer)
    return sum(answer.outcome is not Outcome.UNKNOWN for answer in answers)


def _call(approval: _Claimed) -> ApprovalAnswer:
    provider = gateway.provider(approval.provider)
    if approval.status == "pending":
        return provider.keep_approval(approval_id=approval.id, account=approval.account)
    return provider.end_approval(approval_id=approval.id, token=approval.token)


def _record(approval: _Claimed, answer: ApprovalAnswer) -> None:
    now = clock.now()
    values = {"id": approval.id, "token": answer.token, "reason": answer.reason[:100], "now": now}
    if answer.outcome is Outcome.UNKNOWN:
        if approval.status == "pending" and now - approval.created_at > GIVEN_UP_AFTER:
            _refuse(values | {"reason": "no-answer"})
            return
        db.execute(_LATER, values | {"wait": backoff(approval.attempts, base=2.0, cap=3600.0)})
    elif approval.status == "ending":  # one that the provider does not know any more has ended, too
        db.execute(_ENDED, values)
    elif answer.outcome is Outcome.DECLINED:
        _refuse(values)
    else:
        with transaction.atomic():
            if db.execute(_KEPT, values):
                outbox.publish(ApprovalGiven(approval_id=approval.id, at=now))
            else:
                db.execute(_KEPT_TOO_LATE, values)


def _refuse(values: dict[str, object]) -> None:
    with transaction.atomic():
        if db.execute(_REFUSED, values):
            reason, now, approval_id = values["reason"], values["now"], values["id"]
            assert isinstance(now, datetime)
            assert isinstance(approval_id, UUID)
            outbox.publish(ApprovalRefused(approval_id=approval_id, reason=str(reason), at=now))
