"""Short ways into rooms."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from apps.campaigns import interface as campaigns
from apps.chat import interface as chat
from apps.chat.interface import Place, Visitor
from apps.platform import db
from apps.platform.actors import ANONYMOUS, Actor
from apps.pledges import interface as pledges
from tests.pledges.support import wish


def visitor(actor: Actor = ANONYMOUS, key: str = "") -> Visitor:
    return Visitor(actor, key)


def room_of(campaign: campaigns.Campaign, actor: Actor = ANONYMOUS) -> Place:
    return chat.enter(name=f"campaign:{campaign.id}", visitor=visitor(actor))


def write(
    room_id: UUID, actor: Actor, message: str = "Hello", *, client_id: str = "", key: str = "", **more: Any
) -> chat.Message:
    return chat.post_message(
        room_id=room_id, visitor=visitor(actor, key), client_id=client_id or str(uuid4()), message=message, **more
    )


def ask_the_team(campaign: campaigns.Campaign, **changes: Any) -> tuple[UUID, str]:
    """The support room of a guest's gift: its id and the key in its link."""
    gift = pledges.make_pledge(new=wish(campaign.id, **changes))
    key = chat.open_support_room(tracking_token=gift.tracking_token)
    return chat.find_support_room(key=key), key


def texts(room_id: UUID) -> list[str]:
    return [row["text"] for row in db.rows("SELECT text FROM chat_message WHERE room_id = %s ORDER BY seq", [room_id])]
