from apps.platform import db
from apps.platform.gauges import gauge

_WAITING = """
    SELECT count(*) AS number, coalesce(extract(epoch FROM statement_timestamp() - min(created_at)), 0)::float AS seconds
    FROM notifications_letter WHERE status = 'waiting'
"""
_ENDED = "SELECT status, count(*) AS number FROM notifications_letter WHERE ended_at IS NOT NULL GROUP BY 1"


@gauge("careforall_letters_waiting", "E-mails that wait to be sent.")
def letters_waiting() -> float:
    return float(db.rows(_WAITING)[0]["number"])


@gauge("careforall_letters_oldest_seconds", "Age of the oldest e-mail that waits.")
def letters_oldest() -> float:
    return float(db.rows(_WAITING)[0]["seconds"])


@gauge("careforall_letters_kept", "E-mails of the last weeks by how they ended.", labels=("status",))
def letters_ended() -> list[tuple[tuple[str, ...], float]]:
    return [((row["status"],), float(row["number"])) for row in db.rows(_ENDED)]


_WEBHOOKS = """
    SELECT count(*) FILTER (WHERE delivered_at IS NULL AND dead_at IS NULL) AS pending,
           count(*) FILTER (WHERE dead_at IS NOT NULL) AS failed
    FROM notifications_webhookdelivery WHERE delivered_at IS NULL
"""


@gauge("careforall_webhooks_out", "Outgoing webhooks that wait, and those that were given up.", labels=("state",))
def webhooks_out() -> list[tuple[tuple[str, ...], float]]:
    return [((state,), float(number)) for state, number in db.rows(_WEBHOOKS)[0].items()]
