"""The contract's seven facts for outgoing webhooks: ids and amounts, as the campaign's team may see them, and nobody's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apps.campaigns.events import CampaignEnded, CampaignGoalReached, CampaignPublished
from apps.platform import clock
from apps.platform.clock import rfc3339
from apps.platform.events import BULK, subscribe
from apps.platform.ids import new_id
from apps.pledges.events import PledgeCaptured, PledgeCreated, PledgeFailed, PledgeRefunded

from ..services.webhooks.queue import Message, queue_messages

Fact = (
    CampaignPublished
    | CampaignEnded
    | CampaignGoalReached
    | PledgeCreated
    | PledgeCaptured
    | PledgeFailed
    | PledgeRefunded
)


@subscribe(
    "notifications.queue_webhooks",
    CampaignPublished,
    CampaignEnded,
    CampaignGoalReached,
    PledgeCreated,
    PledgeCaptured,
    PledgeFailed,
    PledgeRefunded,
    lane=BULK,
)
def queue_webhooks(events: Sequence[Fact]) -> None:
    queue_messages([_message(event) for event in events])


def _message(event: Fact) -> Message:
    at, key = clock.now(), str(event.campaign_id)
    told: dict[str, Any] = {"campaign": str(event.campaign_id)}
    match event:
        case CampaignPublished() | CampaignEnded():
            key = str(new_id())  # may happen again, after a pause
            told |= {"slug": event.slug, "title": event.title}
        case CampaignGoalReached():
            told |= {
                "goal_amount": event.goal_amount,
                "raised_amount": event.raised_amount,
                "currency": event.currency,
            }
        case PledgeCreated() | PledgeCaptured() | PledgeFailed() | PledgeRefunded():
            at, key = event.occurred_at, str(event.pledge_id)
            told |= {
                "pledge": str(event.pledge_id),
                "amount": event.amount,
                "currency": event.currency,
                "anonymous": event.is_anonymous,
            }
            if isinstance(event, PledgeFailed):
                told |= {"reason": event.reason}
            if isinstance(event, PledgeRefunded):
                key = str(event.refund_id)
                told |= {
                    "refund": str(event.refund_id),
                    "refunded_amount": event.refunded_amount,
                    "is_full": event.is_full,
                }
    body = {"type": event.type, "timestamp": rfc3339(at), "data": told}
    return Message(type=event.type, key=f"{event.type}:{key}", campaign_id=event.campaign_id, body=body)
