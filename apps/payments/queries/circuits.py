from apps.platform import db


def stopped_providers() -> list[str]:
    """The providers to which calls are paused now, because too many were not answered."""
    rows = db.rows("SELECT provider FROM payments_providercircuit WHERE state = 'open' ORDER BY provider")
    return [str(row["provider"]) for row in rows]
