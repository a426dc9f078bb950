from datetime import UTC, datetime

from apps.platform import db

from .slots import claim_slot

JOB = "outbox.swept"
SECONDS = 5


def note_sweep() -> None:
    """Leave a sign that a worker is at work, at most every five seconds."""
    claim_slot(job=JOB, seconds=SECONDS)


def last_sweep_at() -> datetime | None:
    """When a worker last left its sign (to five seconds); None when none ever did."""
    found = db.rows("SELECT slot FROM outbox_jobslot WHERE job = %s", [JOB])
    return datetime.fromtimestamp((found[0]["slot"] + 1) * SECONDS, UTC) if found else None
