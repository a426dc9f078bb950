from apps.platform import db
from apps.platform.gauges import Sample, gauge

from .queries.payouts import STRANGE_SQL
from .states import OPEN


@gauge("careforall_payouts_open", "Payouts that have not ended, by state.", labels=("status",))
def open_payouts() -> list[Sample]:
    found = db.rows("SELECT status, count(*) AS number FROM payouts_payout WHERE ended_at IS NULL GROUP BY status")
    known = {str(each): 0 for each in OPEN} | {row["status"]: row["number"] for row in found}
    return [((status,), float(number)) for status, number in known.items()]


@gauge("careforall_payouts_statement_strange", "Lines of the bank's statement that agree with no payout of ours.")
def strange() -> float:
    return float(db.rows(f"SELECT count(*) AS number FROM ({STRANGE_SQL}) AS line")[0]["number"])  # noqa: S608
