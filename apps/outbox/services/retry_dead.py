from apps.platform import db, wake

from .publish import RELAY


def retry_dead(*, subscription: str | None = None) -> int:
    """Give dead deliveries (of one subscription, or all) a new life of attempts. Returns how many. Asks no permission."""
    revived = db.execute(
        """UPDATE outbox_delivery SET dead_at = NULL, attempts = 0, due_at = statement_timestamp()
           WHERE dead_at IS NOT NULL AND (%(name)s::text IS NULL OR subscription = %(name)s)""",
        {"name": subscription},
    )
    wake.wake(RELAY)
    return revived
