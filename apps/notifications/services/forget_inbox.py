from datetime import timedelta

from django.db import transaction

from apps.platform import clock, db

KEEP = timedelta(days=180)
INBOXES = 200

_STALE = """
    SELECT DISTINCT user_id FROM (
        SELECT user_id FROM notifications_inboxentry WHERE at < %(before)s ORDER BY at LIMIT 5000
    ) AS old ORDER BY user_id LIMIT %(limit)s
"""
_LOCK = "SELECT user_id FROM notifications_inbox WHERE user_id = ANY(%s) ORDER BY user_id FOR NO KEY UPDATE"
# Only from the front of an inbox, and never its last entry, so that numbers stay gapless and clients can resume.
_FORGET = """
    WITH gone AS (
        DELETE FROM notifications_inboxentry AS entry USING (
            SELECT user_id, coalesce(min(seq) FILTER (WHERE at >= %(before)s), max(seq)) AS keep_from
            FROM notifications_inboxentry WHERE user_id = ANY(%(users)s) GROUP BY user_id
        ) AS edge
        WHERE entry.user_id = edge.user_id AND entry.seq < edge.keep_from
        RETURNING entry.user_id, entry.read_at
    ), counted AS (
        UPDATE notifications_inbox AS inbox SET unread = inbox.unread - went.unread
        FROM (SELECT user_id, count(*) FILTER (WHERE read_at IS NULL) AS unread FROM gone GROUP BY 1) AS went
        WHERE inbox.user_id = went.user_id
    )
    SELECT count(*) AS number FROM gone
"""


def forget_old_inbox_entries() -> int:
    """Delete entries older than half a year, from the front of each inbox, some inboxes at a time. Returns how many."""
    before, deleted = clock.now() - KEEP, 0
    while users := [row["user_id"] for row in db.rows(_STALE, {"before": before, "limit": INBOXES})]:
        with transaction.atomic():
            db.rows(_LOCK, [users])
            batch = int(db.rows(_FORGET, {"before": before, "users": users})[0]["number"])
        if not batch:
            break
        deleted += batch
    return deleted
