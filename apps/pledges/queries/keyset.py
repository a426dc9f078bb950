"""Lists by keyset: a cursor names the row at a page's edge, so that page a million costs what page one does."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from apps.platform.errors import Invalid

from ..data import Page

Edge = TypeVar("Edge", bound=msgspec.Struct)
Row = TypeVar("Row")
Item = TypeVar("Item")
FORWARD, BACK = "<", ">"


def read_cursor(cursor: str | None, shape: type[Edge]) -> tuple[str, Edge | None]:
    """The direction and the edge that a cursor names; forward from the start without one. Raises Invalid."""
    if cursor is None:
        return FORWARD, None
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        direction = {b"n": FORWARD, b"p": BACK}[raw[:1]]
        return direction, msgspec.json.decode(raw[1:], type=shape)
    except (ValueError, KeyError, binascii.Error, msgspec.DecodeError):
        raise Invalid.field("cursor", "invalid", "This cursor is not one of ours; start without it.") from None


def page_of(
    rows: Sequence[Row],
    *,
    direction: str,
    is_first: bool,
    page_size: int,
    edge: Callable[[Row], msgspec.Struct],
    item: Callable[[Row], Item],
) -> Page[Item]:
    """The page from `page_size` + 1 rows that were read in `direction` (newest first when forward)."""
    has_more = len(rows) > page_size
    shown = list(rows[:page_size])
    if direction == BACK:
        shown.reverse()
    has_next = has_more if direction == FORWARD else True
    has_previous = not is_first if direction == FORWARD else has_more
    return Page(
        results=[item(row) for row in shown],
        next_cursor=_cursor(b"n", edge(shown[-1])) if shown and has_next else None,
        previous_cursor=_cursor(b"p", edge(shown[0])) if shown and has_previous else None,
    )


def _cursor(direction: bytes, edge: msgspec.Struct) -> str:
    return base64.urlsafe_b64encode(direction + msgspec.json.encode(edge)).rstrip(b"=").decode()


def order(direction: str) -> str:
    """The word for ORDER BY that goes with a direction."""
    return "DESC" if direction == FORWARD else "ASC"
