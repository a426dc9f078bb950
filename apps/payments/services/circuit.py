"""A circuit breaker per provider, shared by all workers through one row.

It judges the provider, not single accounts: it opens when, within a window, at least FAULTS calls failed and they were
at least as many as those that were answered. A test account that fails three times and works then does not open it
while others are served. While it is open nothing is claimed; then a few operations are let through as a probe.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from apps.platform import db

from ..states import CircuitState

WINDOW_SECONDS = 20
FAULTS = 20
PROBES = 3
PAUSE_SECONDS = 2
LONGEST_PAUSE_SECONDS = 30
PROBE_SECONDS = 15

# Half open: one answer closes it, only faults open it again for twice as long. Closed: the window counts.
_COUNT = """
    INSERT INTO payments_providercircuit AS circuit
        (provider, state, window_start, successes, failures, openings, until)
    VALUES (%(provider)s, 'closed', statement_timestamp(), %(answers)s, %(faults)s, 0, NULL)
    ON CONFLICT (provider) DO UPDATE SET (window_start, successes, failures) = (
        SELECT CASE WHEN is_over THEN statement_timestamp() ELSE circuit.window_start END,
               %(answers)s + CASE WHEN is_over THEN 0 ELSE circuit.successes END,
               %(faults)s + CASE WHEN is_over THEN 0 ELSE circuit.failures END
        FROM (
            SELECT circuit.window_start < statement_timestamp() - %(window)s * interval '1 second' AS is_over
        ) AS clock
    )
    RETURNING state
"""
_CLOSE = """
    UPDATE payments_providercircuit
    SET state = 'closed', until = NULL, openings = 0, successes = %(answers)s, failures = 0,
        window_start = statement_timestamp()
    WHERE provider = %(provider)s AND state = 'half_open'
"""
_OPEN = """
    UPDATE payments_providercircuit
    SET state = 'open', openings = openings + 1, successes = 0, failures = 0,
        until = statement_timestamp() + least(%(longest)s, %(pause)s * 2 ^ least(openings, 10)) * interval '1 second'
    WHERE provider = %(provider)s AND (
        (state = 'half_open' AND %(answers)s = 0 AND %(faults)s > 0)
        OR (state = 'closed' AND failures >= %(threshold)s AND failures >= successes)
    )
"""
_PROBE = """
    UPDATE payments_providercircuit
    SET state = 'half_open', until = statement_timestamp() + %(seconds)s * interval '1 second'
    WHERE provider = %(provider)s AND state <> 'closed' AND until <= statement_timestamp() AND EXISTS (
        SELECT FROM payments_operation AS operation
        WHERE operation.provider = %(provider)s AND operation.status IN ('due', 'calling', 'unknown')
          AND operation.due_at <= statement_timestamp()
    )
"""


def begin_probe(provider: str) -> bool:
    """Whether the caller may probe with up to PROBES operations: the pause is over, something is due, and it is the
    only one."""
    return db.execute(_PROBE, {"provider": provider, "seconds": PROBE_SECONDS}) == 1


def count_calls(calls: Iterable[tuple[str, bool]]) -> None:
    """Count attempts (provider, whether it was at fault) and let the circuits follow."""
    totals = Counter(calls)
    for provider in sorted({provider for provider, _ in totals}):
        answers, faults = totals[provider, False], totals[provider, True]
        params = {
            "provider": provider,
            "answers": answers,
            "faults": faults,
            "window": WINDOW_SECONDS,
            "threshold": FAULTS,
            "pause": PAUSE_SECONDS,
            "longest": LONGEST_PAUSE_SECONDS,
        }
        state = db.rows(_COUNT, params)[0]["state"]
        if state == CircuitState.HALF_OPEN and answers:
            db.execute(_CLOSE, params)
        elif faults:
            db.execute(_OPEN, params)
