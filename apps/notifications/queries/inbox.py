from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.platform import db
from apps.platform.cursors import decode_cursor, encode_cursor
from apps.platform.errors import Invalid

from ..data import InboxEntry, InboxPage
from ..errors import UnknownPosition
from .preferences import quiet_until, recipients

_COLUMNS = "SELECT id, seq, kind, at, data, read_at IS NOT NULL AS is_read FROM notifications_inboxentry"
_AFTER = f"{_COLUMNS} WHERE user_id = %(user)s AND seq > %(after)s AND is_live ORDER BY seq LIMIT %(limit)s"
_BEFORE = f"""
    {_COLUMNS} WHERE user_id = %(user)s AND (%(before)s::bigint IS NULL OR seq < %(before)s)
    ORDER BY seq DESC LIMIT %(limit)s
"""


def read_inbox(*, user_id: UUID, after: int, limit: int = 200) -> list[InboxEntry]:
    """A person's live entries behind number `after`, in order, at most `limit`. Two queries."""
    rows = db.rows(_AFTER, {"user": user_id, "after": after, "limit": limit})
    if not rows:
        return []
    person = recipients([user_id])[user_id]
    return [_entry(row, is_quiet=quiet_until(person, row["at"]) is not None) for row in rows]


# An entry that rings nowhere is born read, so that it does not count; nobody has seen it for that.
_UNSEEN = "(read_at IS NULL OR NOT is_live)"


def unseen_entries(entry_ids: Collection[UUID]) -> dict[UUID, InboxEntry]:
    """Those of these entries that their person has not read, whoever's they are. One query."""
    rows = db.rows(f"{_COLUMNS} WHERE id = ANY(%s) AND {_UNSEEN}", [list(entry_ids)])
    return {row["id"]: _entry(row) for row in rows}


_DIGEST = f"{_COLUMNS} WHERE user_id = %(user)s AND in_digest AND {_UNSEEN} AND at > %(since)s"


def unread_of_digest(*, user_id: UUID, since: datetime, limit: int) -> tuple[list[InboxEntry], int]:
    """What a person has not read since then of the kinds wanted in the digest: the newest, and how many in all. Two queries."""
    params = {"user": user_id, "since": since, "limit": limit}
    rows = db.rows(f"{_DIGEST} ORDER BY seq DESC LIMIT %(limit)s", params)
    number = db.rows(f"SELECT count(*) AS number FROM ({_DIGEST}) AS waiting", params)[0]["number"]  # noqa: S608  constants
    return [_entry(row) for row in rows], int(number)


def latest_inbox_seq(*, user_id: UUID) -> int:
    """The number of a person's newest entry, 0 before the first."""
    rows = db.rows("SELECT last_seq FROM notifications_inbox WHERE user_id = %s", [user_id])
    return int(rows[0]["last_seq"]) if rows else 0


def latest_inbox_seqs(*, user_ids: Collection[UUID]) -> dict[UUID, int]:
    """The numbers of several people's newest entries; who was never told anything is left out. One query."""
    rows = db.rows("SELECT user_id, last_seq FROM notifications_inbox WHERE user_id = ANY(%s)", [list(user_ids)])
    return {row["user_id"]: row["last_seq"] for row in rows}


def inbox_seq_of(*, user_id: UUID, entry_id: UUID) -> int:
    """The number of one of this person's entries. Raises UnknownPosition, also for somebody else's."""
    rows = db.rows("SELECT seq FROM notifications_inboxentry WHERE user_id = %s AND id = %s", [user_id, entry_id])
    if not rows:
        raise UnknownPosition
    return int(rows[0]["seq"])


def unread_count(*, user_id: UUID) -> int:
    """How many entries a person has not read: one row, however many."""
    rows = db.rows("SELECT unread FROM notifications_inbox WHERE user_id = %s", [user_id])
    return int(rows[0]["unread"]) if rows else 0


def list_inbox(*, user_id: UUID, cursor: str | None = None, page_size: int = 20) -> InboxPage:
    """A person's entries, newest first. One query. Raises Invalid for a cursor that is not ours."""
    before = None
    if cursor:
        (before,) = decode_cursor(cursor, 1)
        if type(before) is not int or not 0 <= before < 2**63:
            raise Invalid.field("cursor", "invalid", "Use a cursor from `next`, unchanged.")
    rows = db.rows(_BEFORE, {"user": user_id, "before": before, "limit": page_size + 1})
    shown = rows[:page_size]
    following = encode_cursor(shown[-1]["seq"]) if len(rows) > page_size else None
    return InboxPage(tuple(_entry(row) for row in shown), following)


def _entry(row: dict[str, Any], *, is_quiet: bool = False) -> InboxEntry:
    data = row["data"] if isinstance(row["data"], dict) else json.loads(row["data"])
    return InboxEntry(row["id"], row["seq"], row["kind"], row["at"], data, row["is_read"], is_quiet)
