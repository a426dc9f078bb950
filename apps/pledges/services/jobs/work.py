"""Working off jobs: a transaction per gift, in which the effect and its outcome are written together."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction

from apps.accounts import interface as accounts
from apps.platform import clock, db
from apps.platform.actors import ANONYMOUS, Actor
from apps.platform.errors import Refused

from ...queries.pledges import require_managed
from ..ask_payments import cancel_pledge, capture_pledge
from ..resend_receipt import resend_receipt

log = logging.getLogger(__name__)
SECONDS = 40.0
EFFECTS: dict[str, Callable[..., Any]] = {
    "capture": capture_pledge,
    "cancel": cancel_pledge,
    "resend_receipt": resend_receipt,
}
_NEXT = """
    SELECT item.id, item.pledge_id FROM pledges_jobgift AS item JOIN pledges_job AS job ON job.id = item.job_id
    WHERE item.job_id = %s AND item.outcome = '' AND job.status = 'running'
    ORDER BY item.id LIMIT 1 FOR UPDATE OF item SKIP LOCKED
"""
_NOTE = "UPDATE pledges_jobgift SET outcome = %s, detail = %s, at = %s WHERE id = %s AND outcome = ''"
_DONE = """
    UPDATE pledges_job SET status = 'done', finished_at = %(now)s
    WHERE id = %(id)s AND status = 'running'
      AND NOT EXISTS (SELECT 1 FROM pledges_jobgift WHERE job_id = %(id)s AND outcome = '')
"""


def work_jobs(*, seconds: float = SECONDS) -> int:
    """Go through the gifts of running jobs, oldest job first, for some seconds. Returns how many gifts were dealt with.

    What its owner may do is looked up now, not when the job was started. Call outside a transaction.
    """
    until, worked = time.monotonic() + seconds, 0
    for job in db.rows(
        "SELECT id, action, requested_by_id FROM pledges_job WHERE status = 'running' ORDER BY started_at, id"
    ):
        owner = _owner(job["requested_by_id"])
        while time.monotonic() < until and _one(job, owner):
            worked += 1
        db.execute(_DONE, {"id": job["id"], "now": clock.now()})
    return worked


def _owner(user_id: UUID) -> Actor:
    """Whoever started it, as far as they are still let in; else nobody, whose gifts are refused one by one."""
    try:
        is_active = accounts.get_user(user_id=user_id).is_active
    except LookupError:
        return ANONYMOUS
    return accounts.actor_of_user(user_id=user_id) if is_active else ANONYMOUS


def _one(job: dict[str, Any], owner: Actor) -> bool:
    """The job's next gift; False when there is none."""
    item = None
    try:
        with transaction.atomic():
            item = next(iter(db.rows(_NEXT, [job["id"]])), None)
            if item is None:
                return False
            outcome, detail = _effect(job["action"], item["pledge_id"], owner)
            db.execute(_NOTE, [outcome, detail, clock.now(), item["id"]])
    except OperationalError:
        raise  # the database's own trouble: the timetable comes again
    except Exception:
        if item is None:
            raise
        log.exception("gift of a job failed", extra={"job": str(job["id"]), "pledge_id": str(item["pledge_id"])})
        db.execute(_NOTE, ["failed", "", clock.now(), item["id"]])
    return True


def _effect(action: str, pledge_id: UUID, owner: Actor) -> tuple[str, str]:
    try:
        with transaction.atomic():
            require_managed(pledge_id=pledge_id, actor=owner)
            EFFECTS[action](pledge_id=pledge_id, by=owner)
    except Refused as refused:
        return "refused", str(refused.detail or refused.title)[:200]
    return "done", ""
