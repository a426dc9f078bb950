"""Who is in which room: the rows of processes that are alive."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from apps.platform import clock, db

from ..data import NOBODY, Presence
from ..models import Room
from .people import people

_PRESENT = """
    SELECT presence.room_id, presence.person_id, presence.side, sum(presence.number)::int AS number,
           coalesce(bool_or(presence.typing_until > %(now)s), false) AS is_typing
    FROM chat_presence AS presence JOIN chat_liveprocess AS process ON process.id = presence.process_id
    WHERE presence.room_id = ANY(%(rooms)s) AND process.alive_until > %(now)s
    GROUP BY 1, 2, 3
"""


def read_presence(*, room_ids: Iterable[UUID]) -> dict[UUID, Presence]:
    """How many are there, and who is writing. A known person counts once, however many windows and processes."""
    wanted = list(room_ids)
    rows = db.rows(_PRESENT, {"rooms": wanted, "now": clock.now()})
    typing = [row for row in rows if row["is_typing"] and row["person_id"] != NOBODY]
    asked = {(row["person_id"], row["side"]) for row in typing}
    rooms = Room.objects.filter(pk__in={row["room_id"] for row in typing}) if typing else ()
    known = people(known=asked, rooms=rooms) if asked else {}
    return {room_id: _presence([row for row in rows if row["room_id"] == room_id], known) for room_id in wanted}


def _presence(rows: list[dict[str, Any]], known: dict[Any, Any]) -> Presence:
    online = sum(row["number"] if row["person_id"] == NOBODY else 1 for row in rows)
    typing = [known[key] for row in rows if (key := (row["person_id"], row["side"])) in known and row["is_typing"]]
    return Presence(online, tuple(typing))
