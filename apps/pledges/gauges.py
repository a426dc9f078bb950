from collections.abc import Iterable

from apps.platform.gauges import Sample, gauge

from .queries.figures import figures


@gauge("careforall_pledges_total", "Pledges that reached each state.", labels=("status",), is_counter=True)
def pledges_total() -> Iterable[Sample]:
    known = dict.fromkeys(("pending", "authorized", "captured", "failed", "refunded"), 0) | figures("pledges")
    return [((status,), number) for status, number in known.items()]


@gauge("careforall_captured_minor_total", "Minor units captured.", labels=("currency",), is_counter=True)
def captured_minor_total() -> Iterable[Sample]:
    return [((currency,), amount) for currency, amount in figures("captured_minor").items()]


@gauge(
    "careforall_ledger_drift_minor",
    "Minor units by which campaigns' totals differ from their pledges, as last measured.",
)
def ledger_drift_minor() -> float:
    return figures("drift").get("", 0)
