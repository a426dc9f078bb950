"""The public wall of a campaign. A donor who wishes not to be named is not named here, and no address ever is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from apps.platform import db

from ..data import Page, WallEntry
from .keyset import order, page_of, read_cursor

_WALL = """
    SELECT pledge.id, pledge.amount, pledge.currency, pledge.captured_at, pledge.is_anonymous AS anonymous, pledge.message,
           CASE WHEN pledge.is_anonymous THEN '' ELSE coalesce(donor.name, '') END AS donor_name,
           coalesce(dedication.kind, '') AS dedication, coalesce(dedication.honoree, '') AS honoree
    FROM pledges_pledge AS pledge LEFT JOIN pledges_donor AS donor ON donor.pledge_id = pledge.id
    LEFT JOIN pledges_dedication AS dedication ON dedication.pledge_id = pledge.id AND dedication.is_public
    WHERE pledge.campaign_id = %(campaign)s AND pledge.status = 'captured' AND pledge.refunded_amount < pledge.captured_amount
"""


class _Edge(msgspec.Struct):
    at: datetime
    id: UUID


def donor_wall(*, campaign_id: UUID, cursor: str | None = None, page_size: int = 20) -> Page[WallEntry]:
    """Captured gifts that were not fully refunded, newest first. Does not check whether the campaign is public.

    One query. Raises Invalid for a cursor that is not ours.
    """
    direction, edge = read_cursor(cursor, _Edge)
    beyond = f"AND (pledge.captured_at, pledge.id) {direction} (%(at)s, %(id)s)" if edge else ""
    way = order(direction)
    rows = db.rows(
        f"{_WALL} {beyond} ORDER BY pledge.captured_at {way}, pledge.id {way} LIMIT %(limit)s",
        {"campaign": campaign_id, "at": edge and edge.at, "id": edge and edge.id, "limit": page_size + 1},
    )
    return page_of(
        rows,
        direction=direction,
        is_first=edge is None,
        page_size=page_size,
        edge=_edge,
        item=lambda row: WallEntry(**row),
    )


def _edge(row: dict[str, Any]) -> _Edge:
    return _Edge(row["captured_at"], row["id"])


def public_names(*, pledge_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names that donors of these pledges let everyone see; who gave anonymously or gave no name is left out. One query."""
    found = db.rows(
        """SELECT pledge.id, donor.name FROM pledges_pledge AS pledge JOIN pledges_donor AS donor ON donor.pledge_id = pledge.id
           WHERE pledge.id = ANY(%s) AND NOT pledge.is_anonymous AND donor.name <> ''""",
        [list(pledge_ids)],
    )
    return {row["id"]: row["name"] for row in found}
