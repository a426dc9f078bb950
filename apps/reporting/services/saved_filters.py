"""Filters of the list of gifts that a person keeps under a name: nobody else's business, and gone with the person."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from django.db import transaction

from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.errors import Forbidden, Invalid
from apps.platform.ids import new_id
from apps.platform.text import clean_line

from ..data import SAVED_MAX, SAVED_NAME_MAX, GiftFilter, SavedFilter
from ..errors import TooManyFilters
from .exports.ask import filter_of

# The same name again replaces what it stood for.
_SAVE = """
    INSERT INTO reporting_savedfilter AS saved (id, user_id, name, wanted, created_at)
    VALUES (%(id)s, %(user)s, %(name)s, %(wanted)s, %(now)s)
    ON CONFLICT (user_id, name) DO UPDATE SET wanted = excluded.wanted
"""


def save_filter(*, by: Actor, name: str, wanted: GiftFilter) -> None:
    """Keep a filter under a name, in the place of an earlier one of that name. Raises Forbidden, Invalid, TooManyFilters."""
    if by.user_id is None:
        raise Forbidden
    try:
        name = clean_line(name, SAVED_NAME_MAX)
    except ValueError as error:
        raise Invalid.field("name", "invalid", str(error)) from None
    if not name:
        raise Invalid.field("name", "required", "Give the filter a name.")
    with transaction.atomic():
        db.rows("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reporting.saved:{by.user_id}"])
        others = db.rows(
            "SELECT count(*) AS number FROM reporting_savedfilter WHERE user_id = %s AND name <> %s", [by.user_id, name]
        )
        if others[0]["number"] >= SAVED_MAX:
            raise TooManyFilters
        stored = msgspec.json.encode(wanted).decode()
        db.execute(_SAVE, {"id": new_id(), "user": by.user_id, "name": name, "wanted": stored, "now": clock.now()})


def list_filters(*, viewer: Actor) -> list[SavedFilter]:
    """The viewer's own, by name; one query."""
    rows = db.rows(
        "SELECT id, name, wanted::text AS wanted FROM reporting_savedfilter WHERE user_id = %s ORDER BY lower(name), id",
        [viewer.user_id],
    )
    return [SavedFilter(id=row["id"], name=row["name"], wanted=filter_of(row["wanted"])) for row in rows]


def remove_filter(*, filter_id: UUID, by: Actor) -> None:
    """Forget one of the caller's own. Repeating it changes nothing, and so does somebody else's id."""
    db.execute("DELETE FROM reporting_savedfilter WHERE id = %s AND user_id = %s", [filter_id, by.user_id])


def forget_filters(*, user_ids: Sequence[UUID]) -> None:
    """In the open transaction. Names and addresses may stand in them, so they go with the person."""
    db.execute("DELETE FROM reporting_savedfilter WHERE user_id = ANY(%s)", [list(user_ids)])
