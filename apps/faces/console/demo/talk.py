"""A conversation beside the first campaign, so that the demonstration shows one. Said again it changes nothing."""

from __future__ import annotations

from apps.campaigns.data import Campaign
from apps.chat import interface as chat
from apps.platform.actors import Actor

LINES = (
    ("donor", "Which of the four boats gets its lamps first?"),
    (
        "manager",
        "The one at Gurudaspur: its evening shift reads by kerosene now. The others follow in the order of their need.",
    ),
    ("donor", "Then I have told my colleagues. ধন্যবাদ!"),
)


def load_talk(campaign: Campaign, *, donor: Actor, manager: Actor) -> None:
    people = {"donor": chat.Visitor(donor), "manager": chat.Visitor(manager)}
    room = chat.enter(name=f"campaign:{campaign.id}", visitor=people["manager"]).room
    for number, (who, text) in enumerate(LINES):
        chat.post_message(room_id=room.id, visitor=people[who], client_id=f"demo-{number}", message=text)
