from datetime import timedelta

from apps.platform import clock, db

KEEP = timedelta(days=7)
BATCH = 5_000

# Always from the front, so that what stays has no gap even where times and numbers disagree a little.
_FORGET = """
    DELETE FROM notifications_feedentry WHERE seq IN (
        SELECT seq FROM notifications_feedentry
        WHERE seq < coalesce((SELECT min(seq) FROM notifications_feedentry WHERE at >= %(before)s),
                             (SELECT max(seq) FROM notifications_feedentry))
        ORDER BY seq LIMIT %(limit)s)
"""


def forget_old_entries() -> int:
    """Delete entries older than a week, oldest first, a few thousand a statement. The last
    one stays, however old: it is where clients resume."""
    before = clock.now() - KEEP
    deleted = 0
    while batch := db.execute(_FORGET, {"before": before, "limit": BATCH}):
        deleted += batch
    return deleted
