"""Who stands where in which room. Every other question and command of this context asks here first."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.campaigns.errors import CampaignNotFound
from apps.platform.actors import SYSTEM

from .. import data
from ..data import CAMPAIGN, SUPPORT, Person, Place, Visitor
from ..errors import NotSignedIn, RoomNotFound
from ..models import Room
from .people import donor_name


def key_hash(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()


def room_data(row: Room) -> data.Room:
    name = f"{row.kind}:{row.campaign_id if row.kind == CAMPAIGN else row.id}"
    words = tuple(row.blocked_words)
    return data.Room(
        row.id, name, row.kind, row.campaign_id, row.pledge_id, row.slow_seconds, words, row.last_seq, row.version
    )


def place_in(row: Room, visitor: Visitor) -> Place:
    """The visitor's standing. Raises RoomNotFound for who may not even know of the room."""
    try:
        campaign = campaigns.get_campaign(
            campaign_id=row.campaign_id, viewer=SYSTEM if row.kind == SUPPORT else visitor.actor
        )
    except CampaignNotFound:
        raise RoomNotFound from None
    person = _in_public(campaign, visitor) if row.kind == CAMPAIGN else _in_support(row, campaign, visitor)
    return Place(room_data(row), person, campaign.manager_id, campaign.title, campaign.slug)


def require_person(place: Place) -> Person:
    """Raises NotSignedIn for a mere reader."""
    if place.person is None:
        raise NotSignedIn("Sign in to write here.")
    return place.person


def _in_public(campaign: campaigns.Campaign, visitor: Visitor) -> Person | None:
    user_id = visitor.actor.user_id
    if user_id is None:
        return None
    return Person(user_id, _name(user_id), _side_of_team(campaign, visitor) or "public")


def _in_support(row: Room, campaign: campaigns.Campaign, visitor: Visitor) -> Person:
    user_id = visitor.actor.user_id
    if user_id is not None:
        side = "donor" if user_id == row.donor_id else _side_of_team(campaign, visitor)
        if side:
            return Person(user_id, _name(user_id), side)
    if visitor.key and hmac.compare_digest(key_hash(visitor.key), bytes(row.key_hash or b"")):
        assert row.guest_id is not None  # chat_room_kind
        return Person(row.guest_id, donor_name(row), "guest")
    raise RoomNotFound


def _side_of_team(campaign: campaigns.Campaign, visitor: Visitor) -> str:
    if visitor.actor.user_id == campaign.manager_id:
        return "team"
    if visitor.actor.is_staff:
        return "staff"
    return "team" if campaigns.may_manage(campaign, visitor.actor, campaigns.MODERATE) else ""


def _name(user_id: UUID) -> str:
    return accounts.get_user(user_id=user_id).name
