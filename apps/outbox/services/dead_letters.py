from __future__ import annotations

from apps.platform import db

from ..data import DeadLetters

_DEAD = """
    SELECT delivery.subscription, event.type, delivery.last_error, count(*) AS number, min(event.occurred_at) AS oldest_at,
           max(delivery.dead_at) AS given_up_at, (array_agg(event.id::text ORDER BY event.occurred_at))[1:5] AS event_ids
    FROM (SELECT * FROM outbox_delivery WHERE dead_at IS NOT NULL ORDER BY dead_at DESC LIMIT 10000) AS delivery
    JOIN outbox_event AS event ON event.id = delivery.event_id
    GROUP BY delivery.subscription, event.type, delivery.last_error ORDER BY given_up_at DESC
"""


def dead_letters() -> list[DeadLetters]:
    """Deliveries that were given up (of the latest 10,000), grouped by who should have heard, of what, and why not.

    One query. Does not check permissions.
    """
    return [DeadLetters(**row | {"event_ids": tuple(row["event_ids"])}) for row in db.rows(_DEAD)]
