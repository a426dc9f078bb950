"""The three ways to a room: beside its campaign, by a support link, from one's list of conversations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from apps.campaigns import interface as campaigns
from apps.chat import interface as chat
from apps.chat.interface import Place, Visitor
from apps.faces.shared.auth import actor_of_page

BESIDE, BY_LINK, LISTED = "chat", "support", "conversation"


@dataclass(frozen=True)
class Here:
    """Where a request stands: the room, who asks, and the addresses of what can be done here."""

    place: Place
    visitor: Visitor
    kind: str
    where: Mapping[str, Any]

    def url(self, what: str = "") -> str:
        return reverse(f"site:{self.kind}{'-' + what if what else ''}", kwargs=dict(self.where))

    @property
    def socket(self) -> str:
        key = "?" + urlencode({"key": self.visitor.key}) if self.visitor.key else ""
        return f"/ws/chat/{self.place.room.name}/{key}"

    @property
    def urls(self) -> dict[str, str]:
        return {what or "room": self.url(what) for what in ("", "messages", "removals", "reports", "restrictions")}


def find(request: HttpRequest, kind: str, where: Mapping[str, Any]) -> Here:
    """Raises RoomNotFound, CampaignNotFound."""
    actor = actor_of_page(request)
    if kind == BESIDE:
        visitor = Visitor(actor)
        campaign = campaigns.get_campaign(slug=where["slug"], viewer=actor)
        return Here(chat.enter(name=f"campaign:{campaign.id}", visitor=visitor), visitor, kind, where)
    visitor = Visitor(actor, where.get("key", ""))
    room_id = chat.find_support_room(key=where["key"]) if kind == BY_LINK else where["room_id"]
    return Here(chat.enter(name=f"support:{room_id}", visitor=visitor), visitor, kind, where)
