from apps.platform import db
from apps.platform.gauges import Sample, gauge

from . import gateway
from .states import CircuitState

_LEVEL = {CircuitState.CLOSED: 0.0, CircuitState.HALF_OPEN: 1.0, CircuitState.OPEN: 2.0}


@gauge(
    "careforall_webhooks_total",
    "Webhooks that were let in, by how they ended; `waiting` is still to be processed.",
    labels=("provider", "outcome"),
)
def webhooks() -> list[Sample]:
    found = db.rows(
        """SELECT provider, outcome, number FROM payments_webhooktally
           UNION ALL
           SELECT provider, 'waiting', count(*) FROM payments_webhookmessage
           WHERE processed_at IS NULL GROUP BY provider"""
    )
    return [((row["provider"], row["outcome"]), float(row["number"])) for row in found]


@gauge(
    "careforall_provider_circuit_state",
    "The provider's circuit breaker: 0 closed, 1 half open, 2 open.",
    labels=("provider",),
)
def circuits() -> list[Sample]:
    states = {row["provider"]: row["state"] for row in db.rows("SELECT provider, state FROM payments_providercircuit")}
    return [((name,), _LEVEL[CircuitState(states.get(name, CircuitState.CLOSED))]) for name in gateway.names()]


@gauge("careforall_provider_operations_due", "Operations that are due at a provider now.", labels=("provider",))
def due() -> list[Sample]:
    found = db.rows(
        """SELECT provider, count(*) AS number FROM payments_operation
           WHERE status IN ('due', 'calling', 'unknown') AND due_at <= statement_timestamp() GROUP BY provider"""
    )
    known = dict.fromkeys(gateway.names(), 0) | {row["provider"]: row["number"] for row in found}
    return [((name,), float(number)) for name, number in known.items()]


@gauge("careforall_payment_anomalies_open", "Findings about payments that wait for a human.", labels=("kind",))
def anomalies() -> list[Sample]:
    found = db.rows("SELECT kind, count(*) AS number FROM payments_anomaly WHERE state = 'open' GROUP BY kind")
    return [((row["kind"],), float(row["number"])) for row in found]
