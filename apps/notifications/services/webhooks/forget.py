from datetime import timedelta

from apps.platform import clock, db

KEEP = timedelta(days=30)
BATCH = 5_000


def forget_old_deliveries() -> int:
    """Delete deliveries that ended and are a month old, some thousand a statement. Returns how many."""
    before, deleted = clock.now() - KEEP, 0
    while batch := db.execute(
        """DELETE FROM notifications_webhookdelivery WHERE id IN (
               SELECT id FROM notifications_webhookdelivery
               WHERE created_at < %s AND (delivered_at IS NOT NULL OR dead_at IS NOT NULL) ORDER BY created_at LIMIT %s)""",
        [before, BATCH],
    ):
        deleted += batch
    return deleted
