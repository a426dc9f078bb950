"""The memory of what did not do well, written by the timetable once a minute. What ends with the database leaves no trace here."""

from __future__ import annotations

from datetime import timedelta

from apps.platform import clock, db, health

from ..data import Incident

INCIDENTS = "outbox.note_incidents"
KEEP = timedelta(days=90)
_BEGIN = """
    INSERT INTO outbox_incident (part, level, began_at) SELECT part, level, %(now)s
    FROM unnest(%(parts)s::text[], %(levels)s::text[]) AS seen(part, level)
    ON CONFLICT (part) WHERE ended_at IS NULL
    DO UPDATE SET level = 'down' WHERE excluded.level = 'down' AND outbox_incident.level <> 'down'
"""
_END = "UPDATE outbox_incident SET ended_at = %(now)s WHERE ended_at IS NULL AND part <> ALL(%(parts)s)"


def note_incidents() -> int:
    """Begin an incident for each part that is slow or down, end those of parts that do well. Returns how many are open."""
    bad = {part: level for part, level in health.levels().items() if level in (health.SLOW, health.DOWN)}
    now = clock.now()
    db.execute(_BEGIN, {"now": now, "parts": list(bad), "levels": list(bad.values())})
    db.execute(_END, {"now": now, "parts": list(bad)})
    db.execute("DELETE FROM outbox_incident WHERE began_at < %s AND ended_at IS NOT NULL", [now - KEEP])
    return len(bad)


def recent_incidents(*, days: int = 7) -> tuple[Incident, ...]:
    """Those of the last days and those that last, newest first, at most a hundred. One query."""
    found = db.rows(
        """SELECT part, level, began_at, ended_at FROM outbox_incident
           WHERE began_at > %(since)s OR ended_at IS NULL OR ended_at > %(since)s ORDER BY began_at DESC LIMIT 100""",
        {"since": clock.now() - timedelta(days=days)},
    )
    return tuple(Incident(**row) for row in found)
