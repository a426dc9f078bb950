"""Messages that wait, mentions and reports: told to the person, never with the text of a message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from apps.campaigns import interface as campaigns
from apps.campaigns.data import Campaign
from apps.chat.events import MessageReported, MessageWaiting, PersonMentioned
from apps.platform import clock
from apps.platform.events import BULK, subscribe

from ..services.post_inbox import NewInboxEntry, post_inbox

ChatFact = MessageWaiting | PersonMentioned | MessageReported


@subscribe("notifications.tell_of_messages", MessageWaiting, PersonMentioned, MessageReported, lane=BULK)
def tell_of_messages(events: Sequence[ChatFact]) -> None:
    known = campaigns.get_campaigns(campaign_ids={event.campaign_id for event in events})
    post_inbox([entry for event in events for entry in _of_message(event, known)])


def _of_message(event: ChatFact, known: dict[UUID, Campaign]) -> Iterator[NewInboxEntry]:
    campaign = known.get(event.campaign_id)
    user_id = event.manager_id if isinstance(event, MessageReported) else event.recipient_id
    if campaign is None or user_id is None:
        return
    match event:
        case MessageWaiting():
            kind = "question_waiting" if event.is_for_team else "answer_waiting"
        case PersonMentioned():
            kind = "mentioned"
        case MessageReported():
            kind = "message_reported"
    about = {"campaign": str(campaign.id), "title": campaign.title, "slug": campaign.slug, "room": str(event.room_id)}
    yield NewInboxEntry(user_id=user_id, kind=kind, key=str(event.message_id), at=clock.now(), data=about)
