"""Jobs over many gifts, for whoever asked for them; staff see all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.platform import db
from apps.platform.actors import Actor

from ..errors import JobNotFound


@dataclass(frozen=True, kw_only=True)
class Job:
    """One wish about many gifts. `total` are its gifts, of which so many were done, refused (with a reason), or failed."""

    id: UUID
    action: str
    status: str
    requested_by_id: UUID
    total: int
    done: int
    refused: int
    failed: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def percent(self) -> int:
        return (self.done + self.refused + self.failed) * 100 // self.total


@dataclass(frozen=True, kw_only=True)
class JobGift:
    """A gift of a job; `outcome` is empty while it waits, then done, refused or failed."""

    id: int
    pledge_id: UUID
    outcome: str
    detail: str
    at: datetime | None
    amount: int
    currency: str
    campaign_title: str
    donor_name: str


_JOBS = """
    SELECT job.id, job.action, job.status, job.requested_by_id, job.total, job.created_at, job.started_at, job.finished_at,
           counted.done, counted.refused, counted.failed
    FROM pledges_job AS job CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE outcome = 'done') AS done, count(*) FILTER (WHERE outcome = 'refused') AS refused,
               count(*) FILTER (WHERE outcome = 'failed') AS failed
        FROM pledges_jobgift WHERE job_id = job.id) AS counted
"""
_GIFTS = """
    SELECT item.id, item.pledge_id, item.outcome, item.detail, item.at, pledge.amount, pledge.currency, pledge.campaign_title,
           coalesce(donor.name, '') AS donor_name
    FROM pledges_jobgift AS item JOIN pledges_pledge AS pledge ON pledge.id = item.pledge_id
    LEFT JOIN pledges_donor AS donor ON donor.pledge_id = pledge.id
    WHERE item.job_id = %(job)s AND item.id > %(after)s ORDER BY item.id LIMIT %(limit)s
"""


def get_job(*, job_id: UUID, viewer: Actor) -> Job:
    """One job with its progress, in one query. Raises JobNotFound for what others asked for."""
    found = db.rows(f"{_JOBS} WHERE job.id = %s", [job_id])
    if not found or (found[0]["requested_by_id"] != viewer.user_id and not viewer.is_staff):
        raise JobNotFound
    return Job(**found[0])


def list_jobs(*, viewer: Actor, limit: int = 50) -> list[Job]:
    """The newest jobs that the viewer asked for; for staff everybody's. One query."""
    params: dict[str, Any] = {"by": viewer.user_id, "limit": limit}
    whose = "" if viewer.is_staff else "WHERE job.requested_by_id = %(by)s"
    rows = db.rows(f"{_JOBS} {whose} ORDER BY job.created_at DESC, job.id DESC LIMIT %(limit)s", params)
    return [Job(**row) for row in rows]


def gifts_of_job(*, job_id: UUID, viewer: Actor, after: int = 0, limit: int = 100) -> list[JobGift]:
    """The gifts of a job in their order, those after number `after`. Two queries. Raises JobNotFound."""
    get_job(job_id=job_id, viewer=viewer)
    return [JobGift(**row) for row in db.rows(_GIFTS, {"job": job_id, "after": after, "limit": limit})]


def sums_of_job(*, job_id: UUID) -> dict[str, int]:
    """What the gifts of a job were promised in all, in minor units by currency. One query; checks no permissions."""
    rows = db.rows(
        """SELECT pledge.currency, sum(pledge.amount)::bigint AS amount FROM pledges_jobgift AS item
           JOIN pledges_pledge AS pledge ON pledge.id = item.pledge_id WHERE item.job_id = %s GROUP BY 1 ORDER BY 1""",
        [job_id],
    )
    return {row["currency"]: row["amount"] for row in rows}
