from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from apps.accounts import interface as accounts
from apps.platform import clock, db, wake
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, Invalid
from apps.platform.ids import new_id

from ...data import JOB_ACTIONS, JOB_MAX
from ...errors import JobNotFound, NothingToDo, TooManyGifts
from ...queries.jobs import Job, get_job
from ...queries.pledges import require_managed_all
from ...states import JobStatus

WORK = "pledges.work_jobs"
KEEP_PREPARED = timedelta(days=1)
_JOB = """
    INSERT INTO pledges_job (id, action, status, requested_by_id, total, created_at)
    VALUES (%(id)s, %(action)s, 'prepared', %(by)s, %(total)s, %(now)s)
"""
_ROWS = """
    INSERT INTO pledges_jobgift (job_id, pledge_id, outcome, detail)
    SELECT %(job)s, id, '', '' FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS wanted(id, place) ORDER BY place
"""
# Which gifts the action can be done to now; what has moved meanwhile is refused gift by gift, with its reason.
_FITTING = {
    "capture": "pledge.status = 'authorized' AND pledge.requested = ''",
    "cancel": "pledge.status = 'authorized' AND pledge.requested = ''",
    "resend_receipt": "EXISTS (SELECT 1 FROM pledges_receipt AS receipt WHERE receipt.pledge_id = pledge.id)",
}


def prepare_job(*, by: Actor, action: str, pledge_ids: Sequence[UUID]) -> Job:
    """Note what is wished for which of these gifts, without doing anything yet: those that the action does not fit are
    left out. Raises Invalid, Forbidden, PledgeNotFound for a gift of others, NothingToDo, TooManyGifts.
    """
    if by.user_id is None:
        raise Forbidden
    if action not in JOB_ACTIONS:
        raise Invalid.field("action", "unknown-choice", f"Choose one of: {', '.join(JOB_ACTIONS)}.")
    wanted = list(dict.fromkeys(pledge_ids))
    if len(wanted) > JOB_MAX:
        raise TooManyGifts
    require_managed_all(pledge_ids=wanted, actor=by)
    found = db.rows(
        f"""SELECT id FROM unnest(%s::uuid[]) WITH ORDINALITY AS wanted(pledge_id, place)
            JOIN pledges_pledge AS pledge ON pledge.id = wanted.pledge_id WHERE {_FITTING[action]} ORDER BY place""",  # noqa: S608
        [wanted],
    )
    if not found:
        raise NothingToDo
    job_id = new_id()
    with transaction.atomic():
        values = {"id": job_id, "action": action, "by": by.user_id, "total": len(found), "now": clock.now()}
        db.execute(_JOB, values)
        db.execute(_ROWS, {"job": job_id, "ids": [row["id"] for row in found]})
    return get_job(job_id=job_id, viewer=by)


def start_job(*, job_id: UUID, by: Actor) -> Job:
    """Have a prepared job worked off in the background. Starting twice is starting once; one line in the audit trail.

    Raises JobNotFound, also for what others prepared.
    """
    _move(job_id, by, JobStatus.PREPARED, JobStatus.RUNNING)
    return get_job(job_id=job_id, viewer=by)


def stop_job(*, job_id: UUID, by: Actor) -> Job:
    """Leave alone what a job has not come to yet; what is done stays done. Stopping twice is stopping once."""
    _move(job_id, by, JobStatus.RUNNING, JobStatus.STOPPED)
    return get_job(job_id=job_id, viewer=by)


def discard_job(*, job_id: UUID, by: Actor) -> None:
    """Forget a job of the caller's own that was prepared and not started; others' stay. Raises JobNotFound."""
    get_job(job_id=job_id, viewer=by)
    _delete("id = %(id)s AND requested_by_id = %(by)s", {"id": job_id, "by": by.user_id})


def forget_prepared_jobs() -> int:
    """Delete what was prepared and not started within a day. Returns how many jobs."""
    return _delete("created_at < %(before)s", {"before": clock.now() - KEEP_PREPARED})


def _delete(which: str, params: dict[str, object]) -> int:
    with transaction.atomic():
        found = db.rows(
            f"SELECT id FROM pledges_job WHERE status = 'prepared' AND {which} FOR UPDATE",  # noqa: S608  constants
            params,
        )
        jobs = [row["id"] for row in found]
        db.execute("DELETE FROM pledges_jobgift WHERE job_id = ANY(%s)", [jobs])
        return db.execute("DELETE FROM pledges_job WHERE id = ANY(%s)", [jobs])


def _move(job_id: UUID, by: Actor, source: JobStatus, target: JobStatus) -> None:
    with transaction.atomic():
        job = get_job(job_id=job_id, viewer=by)
        ends = target is JobStatus.STOPPED
        moved = db.execute(
            """UPDATE pledges_job SET status = %(target)s, started_at = coalesce(started_at, %(now)s),
                      finished_at = CASE WHEN %(ends)s THEN %(now)s END
               WHERE id = %(id)s AND requested_by_id = %(by)s AND status = %(source)s""",
            {
                "id": job_id,
                "by": by.user_id,
                "source": str(source),
                "target": str(target),
                "now": clock.now(),
                "ends": ends,
            },
        )
        if moved:
            verb = "stop" if ends else "start"
            detail = {"action": job.action, "gifts": job.total}
            accounts.record_action(by=by, action=f"pledge_job.{verb}", subject_id=job_id, detail=detail)
            wake.on_commit(WORK)


__all__ = ["WORK", "JobNotFound", "discard_job", "forget_prepared_jobs", "prepare_job", "start_job", "stop_job"]
