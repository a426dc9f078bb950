"""A plan pauses or ends: nothing of it is tried any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from apps.payments import interface as payments
from apps.platform import clock, db

_PAUSE = """
    UPDATE recurring_plan SET status = 'paused', reason = %(reason)s, next_on = NULL
    WHERE id = ANY(%(plans)s) AND status = 'active' RETURNING id
"""
_END = """
    UPDATE recurring_plan SET status = 'ended', reason = %(reason)s, next_on = NULL, ended_at = %(now)s
    WHERE id = ANY(%(plans)s) AND status <> 'ended' RETURNING id, approval_id
"""
_DROP_RETRIES = """
    UPDATE recurring_month SET status = 'failed', retry_on = NULL WHERE plan_id = ANY(%s) AND status = 'waiting'
"""


def pause(plan_ids: Sequence[UUID], reason: str) -> list[UUID]:
    """Those that are active take nothing until somebody resumes them. Returns which they were."""
    paused = [row["id"] for row in db.rows(_PAUSE, {"plans": list(plan_ids), "reason": reason})]
    db.execute(_DROP_RETRIES, [paused])
    return paused


def end(plan_ids: Sequence[UUID], reason: str) -> list[UUID]:
    """These take nothing any more, for ever, and their approvals are given back. Returns which had not ended yet."""
    ended: list[dict[str, Any]] = db.rows(_END, {"plans": list(plan_ids), "reason": reason, "now": clock.now()})
    for row in ended:
        payments.end_approval(approval_id=row["approval_id"])
    ids = [row["id"] for row in ended]
    db.execute(_DROP_RETRIES, [ids])
    return ids
