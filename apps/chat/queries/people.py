"""Names, asked when they are shown: an account's display name, a guest's name from the gift. Nothing is kept here."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from apps.accounts import interface as accounts
from apps.platform.actors import SYSTEM
from apps.pledges import interface as pledges
from apps.pledges.errors import PledgeNotFound

from ..data import SUPPORT, Person
from ..models import Room

Known = tuple[UUID, str]
"""A person and the side on which they stood."""


def people(*, known: Iterable[Known], rooms: Iterable[Room]) -> dict[Known, Person]:
    """Each with the name shown at this moment, empty where there is none any more. Two queries, and one a guest's room."""
    asked = set(known)
    guests = _guest_names(asked, rooms)
    found = accounts.get_users(user_ids={person_id for person_id, _ in asked} - guests.keys())
    names = {person_id: user.name for person_id, user in found.items() if user.is_active} | guests
    return {each: Person(each[0], names.get(each[0], ""), each[1]) for each in asked}


def _guest_names(asked: set[Known], rooms: Iterable[Room]) -> dict[UUID, str]:
    wanted = {person_id for person_id, side in asked if side == "guest"}
    return {room.guest_id: donor_name(room) for room in rooms if room.kind == SUPPORT and room.guest_id in wanted}


def donor_name(room: Room) -> str:
    """The name given with the gift of a support room: for the donor and the team, who see it anyway."""
    try:
        return pledges.get_pledge(pledge_id=room.pledge_id, viewer=SYSTEM).donor_name
    except PledgeNotFound:
        return ""
