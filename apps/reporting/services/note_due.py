from collections.abc import Collection
from uuid import UUID

from apps.platform import clock, db, wake

REFRESH = "reporting.refresh"


def note_due(*, pledge_ids: Collection[UUID]) -> None:
    """Have the rows of these pledges read anew soon, in a worker for bulk work. One statement in the open transaction."""
    if pledge_ids:
        db.execute(
            "INSERT INTO reporting_due (pledge_id, since) SELECT unnest(%s::uuid[]), %s",
            [sorted(pledge_ids), clock.now()],
        )
        wake.on_commit(REFRESH)
