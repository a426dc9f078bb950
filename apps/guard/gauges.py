from collections.abc import Iterable
from datetime import timedelta

from apps.platform import clock, db
from apps.platform.gauges import Sample, gauge

from .queries.heat import CAMPAIGN, SITE, measure_heat


@gauge("careforall_guard_declines", "Declined payments of the last ten minutes.")
def declines() -> float:
    since = clock.now() - timedelta(minutes=10)
    return float(db.rows("SELECT count(*) AS declines FROM guard_decline WHERE at > %s", [since])[0]["declines"])


@gauge(
    "careforall_guard_suspects",
    "Addresses and devices that are asked for a proof of work, and campaigns (or the site) where everyone is.",
    labels=("scope",),
)
def suspects() -> Iterable[Sample]:
    heat = measure_heat()
    known = dict.fromkeys(("address", "device", CAMPAIGN, SITE), 0)
    for kind, _ in heat.warm | heat.broken:
        known[kind] += 1
    return [((kind,), number) for kind, number in known.items()]
