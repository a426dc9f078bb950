"""Reading rooms: history by cursor, and what changed behind a version."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from apps.platform import db
from apps.platform.errors import Invalid

from ..data import NOBODY, Changes, History, Message, Place, ReadMark
from ..models import Room
from .people import people

PAGE = 50
_COLUMNS = """
    message.id, message.room_id, message.seq, message.version, message.author_id, message.side, message.text, message.created_at,
    message.edited_at, message.removed_at, message.reply_to_id, message.mentions
"""
# The room's version and its messages come from one statement, so from one moment: nothing falls between the two.
_HISTORY = f"""
    SELECT room.version AS room_version, {_COLUMNS}
    FROM chat_room AS room LEFT JOIN LATERAL (
        SELECT * FROM chat_message WHERE room_id = room.id AND seq < %(before)s ORDER BY seq DESC LIMIT %(limit)s
    ) AS message ON true
    WHERE room.id = %(room)s ORDER BY message.seq
"""  # noqa: S608  composed of constants
# One statement again: a mark seen with version 12 must not hide a message with version 11 that committed in between.
_CHANGES = f"""
    WITH wanted AS (SELECT * FROM unnest(%(rooms)s::uuid[], %(versions)s::bigint[]) AS wanted(room_id, version))
    SELECT * FROM (
        SELECT 'message' AS what, {_COLUMNS} FROM chat_message AS message JOIN wanted USING (room_id)
        WHERE message.version > wanted.version
        UNION ALL
        SELECT 'read', read_up_to.id, mark.room_id, mark.seq, mark.version, mark.person_id, mark.side, '', now(), NULL, NULL,
               NULL, '{{}}'
        FROM chat_readmark AS mark JOIN wanted USING (room_id)
        JOIN chat_message AS read_up_to ON read_up_to.room_id = mark.room_id AND read_up_to.seq = mark.seq
        WHERE mark.version > wanted.version
    ) AS change
    WHERE %(up_to)s::bigint IS NULL OR version <= %(up_to)s
    ORDER BY version LIMIT %(limit)s
"""  # noqa: S608  composed of constants
_ONE = f"SELECT {_COLUMNS} FROM chat_message AS message WHERE id = %s AND room_id = %s"  # noqa: S608  constants
_OWN = f"""
    SELECT {_COLUMNS} FROM chat_message AS message
    WHERE author_id = %(person)s AND removed_at IS NULL AND (%(after)s::uuid IS NULL OR id > %(after)s) ORDER BY id LIMIT %(limit)s
"""  # noqa: S608  constants
# The message itself may be removed by now: what was written behind it waits all the same.
_WAITING = """
    SELECT asked.id FROM chat_message AS asked
    WHERE asked.id = ANY(%s) AND EXISTS (
        SELECT FROM chat_message AS message
        WHERE message.room_id = asked.room_id AND message.seq >= asked.seq AND message.removed_at IS NULL
          AND message.side IN ('team', 'staff') AND message.seq > coalesce((
              SELECT max(mark.seq) FROM chat_readmark AS mark
              WHERE mark.room_id = asked.room_id AND mark.side IN ('donor', 'guest')), 0))
"""


def read_history(*, place: Place, before: int | None = None, limit: int = PAGE) -> History:
    """The newest messages below number `before`, oldest first, tombstones included. At most four queries."""
    if before is not None and not 0 < before < 2**62:
        raise Invalid.field("before", "invalid", "Use the number that came with the page before.")
    params = {"room": place.room.id, "before": 2**62 if before is None else before, "limit": limit}
    found = db.rows(_HISTORY, params)
    rows = [row for row in found if row["id"] is not None]
    messages = tuple(as_messages(rows))
    older = messages[0].seq if messages and messages[0].seq > 1 else None
    return History(messages, older, found[0]["room_version"])


def read_changes(*, after: Mapping[UUID, int], up_to: int | None = None, limit: int = 500) -> dict[UUID, Changes]:
    """What changed in each room behind its version, at most `limit` of all; rooms without a change are left out.

    Does not check permissions. At most four queries, however many rooms.
    """
    params = {"rooms": list(after), "versions": list(after.values()), "up_to": up_to, "limit": limit}
    rows = db.rows(_CHANGES, params) if after else []
    known = _known(rows)
    changes = {}
    for room_id in dict.fromkeys(row["room_id"] for row in rows):
        own = [row for row in rows if row["room_id"] == room_id]
        messages = tuple(_message(row, known) for row in own if row["what"] == "message")
        reads = tuple(_mark(row, known) for row in own if row["what"] == "read")
        changes[room_id] = Changes(messages, reads, own[-1]["version"])
    return changes


def get_message(*, place: Place, message_id: UUID) -> Message | None:
    found = db.rows(_ONE, [message_id, place.room.id])
    return as_messages(found)[0] if found else None


def as_messages(rows: Iterable[Mapping[str, Any]]) -> list[Message]:
    rows = list(rows)
    known = _known(rows)
    return [_message(row, known) for row in rows]


def _known(rows: Iterable[Mapping[str, Any]]) -> dict[Any, Any]:
    rows = list(rows)
    asked = {(row["author_id"], row["side"]) for row in rows}
    guests = {row["room_id"] for row in rows if row["side"] == "guest"}
    return people(known=asked, rooms=Room.objects.filter(pk__in=guests) if guests else ()) if asked else {}


def _message(row: Mapping[str, Any], known: Mapping[Any, Any]) -> Message:
    return Message(
        id=row["id"],
        room_id=row["room_id"],
        seq=row["seq"],
        version=row["version"],
        author=known[row["author_id"], row["side"]],
        text=row["text"],
        at=row["created_at"],
        edited_at=row["edited_at"],
        is_removed=row["removed_at"] is not None,
        reply_to=row["reply_to_id"],
        mentions=tuple(row["mentions"]),
    )


def _mark(row: Mapping[str, Any], known: Mapping[Any, Any]) -> ReadMark:
    return ReadMark(row["room_id"], row["version"], known[row["author_id"], row["side"]], row["id"])


def own_messages(*, user_id: UUID, after: UUID | None = None, limit: int = 200) -> list[Message]:
    """What a person wrote and did not remove, in every room, in the order of its ids, behind message `after`."""
    return as_messages(db.rows(_OWN, {"person": user_id, "after": after, "limit": limit}))


def guests_waiting(*, message_ids: Collection[UUID]) -> set[UUID]:
    """Those of the team's messages behind which, in their support room, something still waits for the donor's side. One query."""
    return {row["id"] for row in db.rows(_WAITING, [list(message_ids)])}


def unread(*, place: Place) -> int:
    """How many messages of others this person has not read; 0 for who is not signed in."""
    person_id = place.person.id if place.person else NOBODY
    if person_id == NOBODY:
        return 0
    found = db.rows(
        """SELECT count(*) AS number FROM chat_message
           WHERE room_id = %(room)s AND removed_at IS NULL AND author_id <> %(person)s AND seq > coalesce(
               (SELECT seq FROM chat_readmark WHERE room_id = %(room)s AND person_id = %(person)s), 0)""",
        {"room": place.room.id, "person": person_id},
    )
    return int(found[0]["number"])
