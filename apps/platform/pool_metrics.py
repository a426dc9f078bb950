"""What threads wait for a connection: psycopg's own counts, handed to Prometheus every few seconds. Costs a request nothing."""

from __future__ import annotations

import threading

from django.db.backends.postgresql.base import DatabaseWrapper
from prometheus_client import Counter

EVERY_SECONDS = 5.0
_taken = Counter("careforall_pool_connections_taken", "Connections that threads took from the pool.", ("database",))
_waits = Counter("careforall_pool_waits", "Those for which a thread had to wait.", ("database",))
_seconds = Counter("careforall_pool_wait_seconds", "How long threads waited in all.", ("database",))
_failures = Counter("careforall_pool_failures", "Threads that got none in time.", ("database",))


def start() -> None:
    """From now on, in a thread of this process."""
    threading.Thread(target=_run, name="pool-metrics", daemon=True).start()


def collect() -> None:
    """Add what happened since the last time."""
    for alias, pool in list(DatabaseWrapper._connection_pools.items()):  # type: ignore[attr-defined]  # Django's stubs lack it
        counts = pool.pop_stats()
        _taken.labels(alias).inc(counts.get("requests_num", 0))
        _waits.labels(alias).inc(counts.get("requests_queued", 0))
        _seconds.labels(alias).inc(counts.get("requests_wait_ms", 0) / 1000)
        _failures.labels(alias).inc(counts.get("requests_errors", 0))


def _run() -> None:
    pause = threading.Event()
    while not pause.wait(EVERY_SECONDS):
        collect()
