"""The audit on the timetable: what it finds is kept in one row, for the gauges and the panel."""

from __future__ import annotations

import json
import logging
import time

from apps.platform import clock, db
from apps.platform.run_audit import run_audit

from ..data import AuditReport

log = logging.getLogger(__name__)
AUDIT = "outbox.audit"

_KEEP = """
    INSERT INTO outbox_auditrun (id, finished_at, seconds, checks, violations, report)
    VALUES (1, %(now)s, %(seconds)s, %(checks)s, %(violations)s, %(report)s::jsonb)
    ON CONFLICT (id) DO UPDATE SET finished_at = excluded.finished_at, seconds = excluded.seconds,
        checks = excluded.checks, violations = excluded.violations, report = excluded.report
"""


def audit() -> AuditReport:
    """Run every check, keep the result, and log each that is broken. Reads all books: for a worker, once an hour."""
    started = time.monotonic()
    results = run_audit()
    broken = [result.as_json(explain=True) for result in results if not result.holds]
    for each in broken:
        log.error(
            "audit: %s", each["title"], extra={"code": each["code"], "count": each["count"], "rows": each["rows"]}
        )
    db.execute(
        _KEEP,
        {
            "now": clock.now(),
            "seconds": time.monotonic() - started,
            "checks": len(results),
            "violations": len(broken),
            "report": json.dumps(broken, default=str),
        },
    )
    found = last_audit()
    assert found is not None
    return found


def last_audit() -> AuditReport | None:
    """The kept result, None when none ever ran."""
    found = db.rows("SELECT finished_at, seconds, checks, violations, report::text FROM outbox_auditrun")
    return AuditReport(**found[0] | {"report": json.loads(found[0]["report"])}) if found else None
