from collections.abc import Iterable

from apps.platform import db
from apps.platform.gauges import Sample, gauge

from .states import PlanStatus


@gauge("careforall_plans", "Gifts of every month by state.", labels=("status",))
def plans() -> Iterable[Sample]:
    rows = db.rows("SELECT status, count(*) AS number FROM recurring_plan WHERE status <> 'ended' GROUP BY status")
    known = dict.fromkeys((str(each) for each in PlanStatus if each is not PlanStatus.ENDED), 0)
    known |= {row["status"]: row["number"] for row in rows}
    return [((status,), number) for status, number in known.items()]
