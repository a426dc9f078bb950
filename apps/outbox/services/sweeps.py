from datetime import UTC, datetime

from apps.platform import db

from .slots import claim_slot

JOB, WORKER = "outbox.swept", "outbox.worker"
SECONDS = 5


def note_sweep() -> None:
    """Leave a sign that somebody is at work, at most every five seconds."""
    claim_slot(job=JOB, seconds=SECONDS)


def note_worker() -> None:
    """Leave a sign that it is a worker who is at work, at most every five seconds."""
    claim_slot(job=WORKER, seconds=SECONDS)


def last_sweep_at() -> datetime | None:
    """When somebody last left a sign (to five seconds); None when nobody ever did."""
    found = db.rows("SELECT slot FROM outbox_jobslot WHERE job = %s", [JOB])
    return datetime.fromtimestamp((found[0]["slot"] + 1) * SECONDS, UTC) if found else None


def seconds_of_silence() -> float | None:
    """How long ago, by the database's clock and to five seconds, a worker left its sign; None when none ever did."""
    found = db.rows(
        "SELECT extract(epoch FROM statement_timestamp())::float - (slot + 1) * %s AS seconds FROM outbox_jobslot WHERE job = %s",
        [SECONDS, WORKER],
    )
    return max(0.0, float(found[0]["seconds"])) if found else None
