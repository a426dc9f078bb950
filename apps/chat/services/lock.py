"""The room's row is the one lock of a room: numbers and versions are given out under it, in the order of commits."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction

from ..gateway import poke
from ..models import Room


def locked(room_id: UUID) -> Room:
    """The room's row, locked until commit."""
    return Room.objects.select_for_update(no_key=True).get(pk=room_id)


def changed(room: Room, changes: int = 1) -> int:
    """Give out the next version, or as many as there are changes, save the counters, and poke the live processes once the
    change has committed. Returns the highest."""
    room.version += changes
    room.save(update_fields=["version", "last_seq"])
    transaction.on_commit(partial(poke, room.pk), robust=True)
    return room.version
