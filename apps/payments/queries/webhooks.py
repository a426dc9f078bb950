from __future__ import annotations

from apps.platform import db

from ..data import InboxMessage

OUTCOMES = ("waiting", "recorded", "repeated", "mismatched", "unknown-payment", "malformed", "ignored")
_LIST = """
    SELECT id, provider, webhook_id, received_at, attempts, processed_at, request_id, outcome, octet_length(body) AS size
    FROM payments_webhookmessage
    WHERE (%(before)s::bigint IS NULL OR id < %(before)s)
      AND (%(outcome)s = '' OR CASE WHEN %(outcome)s = 'waiting' THEN processed_at IS NULL ELSE outcome = %(outcome)s END)
    ORDER BY id DESC LIMIT %(limit)s
"""


def list_webhooks(*, outcome: str = "", before: int | None = None, limit: int = 50) -> list[InboxMessage]:
    """What providers sent, newest first, those below number `before`; one query. Without bodies, which may tell too much.

    Does not check permissions.
    """
    return [InboxMessage(**row) for row in db.rows(_LIST, {"outcome": outcome, "before": before, "limit": limit})]


def webhook_counts() -> dict[str, int]:
    """How many webhooks ended how, from the running tally; `waiting` are still to be processed."""
    found = db.rows(
        """SELECT outcome, sum(number)::bigint AS number FROM payments_webhooktally GROUP BY outcome
           UNION ALL SELECT 'waiting', count(*) FROM payments_webhookmessage WHERE processed_at IS NULL"""
    )
    return {row["outcome"]: row["number"] for row in found}
