"""Finding a room by what clients and pages call it."""

from __future__ import annotations

from uuid import UUID

from ..data import CAMPAIGN, SUPPORT, Place, Visitor
from ..errors import RoomNotFound
from ..models import Room
from .access import key_hash, place_in


def get_place(*, room_id: UUID, visitor: Visitor) -> Place:
    """The visitor's standing in a room that exists. Raises RoomNotFound, also for what is not theirs."""
    row = Room.objects.filter(pk=room_id).first()
    if row is None:
        raise RoomNotFound
    return place_in(row, visitor)


def find_support_room(*, key: str) -> UUID:
    """The room behind a support link. Raises RoomNotFound alike for wrong and unknown keys."""
    found = Room.objects.filter(key_hash=key_hash(key), kind=SUPPORT).values_list("pk", flat=True).first()
    if found is None:
        raise RoomNotFound
    return found


def read_name(name: str) -> tuple[str, UUID]:
    """Kind and id of `campaign:<id>` or `support:<id>`. Raises RoomNotFound for anything else."""
    kind, _, rest = name.partition(":")
    try:
        if kind not in (CAMPAIGN, SUPPORT) or len(rest) > 40:
            raise ValueError(kind)
        return kind, UUID(rest)
    except ValueError:
        raise RoomNotFound from None
