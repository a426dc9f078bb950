from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from apps.platform import db
from apps.pledges import interface as pledges

from ..data import BEGINNING, PLATFORM, Entry, Position
from ..errors import UnknownPosition

_AFTER = """
    SELECT id, seq, topic, type, at, pledge_id, data FROM notifications_feedentry
    WHERE seq > %(after)s AND (%(up_to)s::bigint IS NULL OR seq <= %(up_to)s) AND (%(all)s OR topic = ANY(%(topics)s))
    ORDER BY seq LIMIT %(limit)s
"""
_POSITION = "SELECT id, seq FROM notifications_feedentry WHERE id = %(id)s"
_LATEST = "SELECT id, seq FROM notifications_feedentry ORDER BY seq DESC LIMIT 1"
_COUNTER = "SELECT last_seq FROM notifications_feedcounter"


def read_feed(
    *, after: int, up_to: int | None = None, topics: Sequence[str] = (PLATFORM,), limit: int = 500
) -> list[Entry]:
    """Entries behind number `after`, in order, at most `limit`; `platform` among the topics means all of them.

    Two queries: the entries, and the names that their donors show at this moment.
    """
    found = db.rows(
        _AFTER,
        {"after": after, "up_to": up_to, "all": PLATFORM in topics, "topics": list(topics), "limit": limit},
    )
    captured = [row["pledge_id"] for row in found if row["pledge_id"] is not None]
    names = pledges.public_names(pledge_ids=captured) if captured else {}
    return [_entry(row, names) for row in found]


def latest_position() -> Position:
    """Where the feed ends now. The number stays right when retention has emptied the table; the id is nil then."""
    if found := db.rows(_LATEST):
        return Position(found[0]["id"], found[0]["seq"])
    counter = db.rows(_COUNTER)
    return Position(BEGINNING.id, counter[0]["last_seq"] if counter else 0)


def position_of(*, entry_id: UUID) -> Position:
    """Raises UnknownPosition for the id of no kept entry. The nil id is the beginning of what is kept."""
    if entry_id == BEGINNING.id:
        return BEGINNING
    if found := db.rows(_POSITION, {"id": entry_id}):
        return Position(found[0]["id"], found[0]["seq"])
    raise UnknownPosition


def _entry(row: dict[str, Any], names: dict[UUID, str]) -> Entry:
    data = row["data"] if isinstance(row["data"], dict) else json.loads(row["data"])
    if row["pledge_id"] is not None:
        data["name"] = names.get(row["pledge_id"])
    return Entry(row["id"], row["seq"], row["topic"], row["type"], row["at"], data, row["pledge_id"])
