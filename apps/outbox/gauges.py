from typing import Any

from apps.platform import db, events, schedule
from apps.platform.gauges import Sample, gauge

from .services.audit import last_audit
from .services.sweeps import last_sweep_at

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


@gauge(
    "careforall_outbox_subscription_lag_seconds",
    "Age of the oldest fact that a subscription has not handled yet.",
    labels=("subscription",),
)
def lag_by_subscription() -> list[Sample]:
    return [((row["subscription"],), float(row["seconds"])) for row in _waiting()]


@gauge("careforall_outbox_subscription_pending", "Deliveries that wait for a subscription.", labels=("subscription",))
def pending_by_subscription() -> list[Sample]:
    return [((row["subscription"],), float(row["number"])) for row in _waiting()]


@gauge(
    "careforall_scheduler_last_slot_timestamp_seconds",
    "When a scheduler last fired a once-per-slot job, as Unix time; 0 when none ever did.",
)
def last_slot() -> float:
    periods = {entry.task: entry.seconds for entry in schedule.entries() if entry.once_per_slot}
    slots = db.rows("SELECT job, slot FROM outbox_jobslot WHERE job = ANY(%s)", [list(periods)])
    return max((float(row["slot"] * periods[row["job"]]) for row in slots), default=0.0)


@gauge(
    "careforall_worker_last_sweep_timestamp_seconds",
    "When a worker last looked for work, as Unix time (to five seconds); 0 when none ever did.",
)
def last_sweep() -> float:
    at = last_sweep_at()
    return at.timestamp() if at else 0.0


def _waiting() -> list[dict[str, Any]]:
    """Per subscription of this installation, those with nothing to do as well: an alert needs the zero."""
    return db.rows(
        """SELECT known.name AS subscription, count(delivery.id) AS number,
                  coalesce(extract(epoch FROM statement_timestamp() - min(event.occurred_at)), 0) AS seconds
           FROM unnest(%s::text[]) AS known(name)
           LEFT JOIN outbox_delivery AS delivery
               ON delivery.subscription = known.name AND delivery.done_at IS NULL AND delivery.dead_at IS NULL
           LEFT JOIN outbox_event AS event ON event.id = delivery.event_id
           GROUP BY 1 ORDER BY 1""",
        [list(events.subscriptions())],
    )


@gauge("careforall_audit_violations", "Checks that the last hourly audit found broken; 0 when all held.")
def audit_violations() -> float:
    found = last_audit()
    return float(found.violations if found else 0)


@gauge(
    "careforall_audit_last_run_timestamp_seconds", "When the last hourly audit ended, as Unix time; 0 when none did."
)
def audit_last_run() -> float:
    found = last_audit()
    return found.finished_at.timestamp() if found else 0.0
