from apps.platform import db
from apps.platform.gauges import gauge


@gauge("careforall_reporting_lag_seconds", "Age of the oldest change to a pledge that lists and plots do not show yet.")
def lag() -> float:
    found = db.rows(
        "SELECT coalesce(extract(epoch FROM statement_timestamp() - min(since)), 0)::float AS seconds FROM reporting_due"
    )
    return float(found[0]["seconds"])
