from apps.platform import db


def dead_deliveries() -> tuple[int, int]:
    """How many deliveries were given up, and the highest number among them (0 when there are none)."""
    row = db.rows(
        "SELECT count(*) AS number, coalesce(max(id), 0) AS newest FROM outbox_delivery WHERE dead_at IS NOT NULL"
    )[0]
    return int(row["number"]), int(row["newest"])
