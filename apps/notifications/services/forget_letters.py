from datetime import timedelta

from apps.platform import clock, db

KEEP = timedelta(days=90)
BATCH = 5_000


def forget_old_letters() -> int:
    """Delete letters that ended three months ago, some thousand a statement. Returns how many."""
    before, deleted = clock.now() - KEEP, 0
    while batch := db.execute(
        """DELETE FROM notifications_letter WHERE id IN (
               SELECT id FROM notifications_letter WHERE ended_at < %s ORDER BY ended_at LIMIT %s)""",
        [before, BATCH],
    ):
        deleted += batch
    return deleted
