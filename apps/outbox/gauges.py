from apps.platform import db
from apps.platform.gauges import gauge

_OLDEST = """
    SELECT coalesce(extract(epoch FROM statement_timestamp() - least(
        (SELECT min(occurred_at) FROM outbox_event WHERE NOT is_fanned_out),
        (SELECT min(event.occurred_at) FROM outbox_delivery JOIN outbox_event AS event ON event.id = event_id
         WHERE done_at IS NULL AND dead_at IS NULL))), 0)::float AS seconds
"""
_PENDING = """
    SELECT (SELECT count(*) FROM outbox_event WHERE NOT is_fanned_out)
         + (SELECT count(*) FROM outbox_delivery WHERE done_at IS NULL AND dead_at IS NULL) AS number
"""


@gauge("careforall_outbox_lag_seconds", "Age of the oldest fact that has not reached everyone who wants it.")
def lag() -> float:
    return float(db.rows(_OLDEST)[0]["seconds"])


@gauge("careforall_outbox_pending", "Facts and deliveries that wait.")
def pending() -> float:
    return float(db.rows(_PENDING)[0]["number"])


@gauge("careforall_outbox_dead", "Deliveries that were given up and wait for a human.", labels=("subscription",))
def dead() -> list[tuple[tuple[str, ...], float]]:
    found = db.rows("SELECT subscription, count(*) AS number FROM outbox_delivery WHERE dead_at IS NOT NULL GROUP BY 1")
    return [((row["subscription"],), float(row["number"])) for row in found]
