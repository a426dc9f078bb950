"""Lists by keyset: a cursor names the row at a page's edge and the way from it; `last` begins at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from apps.platform.cursors import decode_cursor, encode_cursor
from apps.platform.errors import Invalid

from ..data import Page

LAST = "last"
Item = TypeVar("Item")


class Way:
    """How a page is read: forward or back, from an edge (`at`, `id`) or from the list's beginning or end."""

    def __init__(self, cursor: str | None, kind: Callable[[Any], Any] = datetime.fromisoformat) -> None:
        self.is_back, self.edge = cursor == LAST, None
        if cursor and cursor != LAST:
            direction, value, key = decode_cursor(cursor, 3)
            try:
                self.is_back, self.edge = direction == "p", (kind(value), _key(key))
            except (TypeError, ValueError, AttributeError):
                raise Invalid.field("cursor", "invalid", "Use a link of the list, unchanged.") from None

    @property
    def order(self) -> str:
        return "ASC" if self.is_back else "DESC"

    @property
    def side(self) -> str:
        return ">" if self.is_back else "<"

    def page(
        self,
        rows: Sequence[dict[str, Any]],
        size: int,
        edge: Callable[[dict[str, Any]], tuple[Any, Any]],
        item: Callable[..., Item],
        count: int,
        cap: int,
    ) -> Page[Item]:
        """The page out of `size` + 1 rows that were read in this way; `count` above `cap` means "more than"."""
        has_more, shown = len(rows) > size, list(rows[:size])
        if self.is_back:
            shown.reverse()
        has_next = has_more if not self.is_back else self.edge is not None
        has_previous = self.edge is not None if not self.is_back else has_more
        return Page(
            results=[item(**row) for row in shown],
            next_cursor=_cursor("n", edge(shown[-1])) if shown and has_next else None,
            previous_cursor=_cursor("p", edge(shown[0])) if shown and has_previous else None,
            count=min(count, cap),
            is_capped=count > cap,
        )


def _cursor(direction: str, edge: tuple[Any, Any]) -> str:
    value, key = edge
    return encode_cursor(direction, value.isoformat() if isinstance(value, datetime) else value, key)


def _key(value: Any) -> Any:
    return value if isinstance(value, int) else UUID(value)
