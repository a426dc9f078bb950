from apps.platform import db


def figures(name: str) -> dict[str, int]:
    """The running figures of that name by label."""
    return {
        row["label"]: row["value"] for row in db.rows("SELECT label, value FROM pledges_figure WHERE name = %s", [name])
    }


def captured_count() -> int:
    """How many gifts have ever arrived here; one row, kept while the facts come in."""
    return figures("pledges").get("captured", 0)
