from datetime import timedelta

from apps.platform import clock, db

KEPT = timedelta(days=7)
AT_ONCE = 10_000


def forget_keys() -> int:
    """Delete stored answers older than a week, some at a time. The keys of creation live on the pledges, for ever."""
    return db.execute(
        """DELETE FROM pledges_idempotencyrecord WHERE id IN (
               SELECT id FROM pledges_idempotencyrecord WHERE created_at < %s ORDER BY created_at LIMIT %s)""",
        [clock.now() - KEPT, AT_ONCE],
    )
