"""What happened, told to those whom it concerns: the donor of a gift, the campaign's manager, staff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.campaigns.data import Campaign
from apps.campaigns.events import (
    CampaignEnded,
    CampaignGoalReached,
    CampaignPublished,
    CampaignReturned,
    CampaignSubmitted,
)
from apps.payments.events import PaymentFlagged
from apps.platform import clock
from apps.platform.actors import STAFF
from apps.platform.events import BULK, subscribe
from apps.pledges.events import PledgeAuthorized, PledgeCaptured, PledgeFailed, PledgeRefunded, ReceiptIssued

from ..services.post_inbox import NewInboxEntry, post_inbox

GiftFact = PledgeAuthorized | PledgeCaptured | PledgeFailed | PledgeRefunded | ReceiptIssued
CampaignFact = CampaignSubmitted | CampaignReturned | CampaignPublished | CampaignEnded | CampaignGoalReached
# (kind for the donor, kind for the manager); empty where that person is not told.
_OF_GIFTS: dict[type[GiftFact], tuple[str, str]] = {
    PledgeAuthorized: ("gift_authorized", ""),
    PledgeCaptured: ("gift_captured", "new_gift"),
    PledgeFailed: ("gift_failed", ""),
    PledgeRefunded: ("gift_refunded", "refund_done"),
    ReceiptIssued: ("receipt_ready", ""),
}
_OF_CAMPAIGNS: dict[type[CampaignFact], str] = {
    CampaignReturned: "campaign_returned",
    CampaignPublished: "campaign_published",
    CampaignEnded: "campaign_ended",
    CampaignGoalReached: "goal_reached",
}


@subscribe("notifications.tell_of_gifts", *_OF_GIFTS, lane=BULK)
def tell_of_gifts(events: Sequence[GiftFact]) -> None:
    known = campaigns.get_campaigns(campaign_ids={event.campaign_id for event in events})
    post_inbox([entry for event in events for entry in _of_gift(event, known.get(event.campaign_id))])


@subscribe("notifications.tell_of_campaigns", CampaignSubmitted, *_OF_CAMPAIGNS, lane=BULK)
def tell_of_campaigns(events: Sequence[CampaignFact]) -> None:
    known = campaigns.get_campaigns(campaign_ids={event.campaign_id for event in events})
    staff = accounts.user_ids_with_role(role=STAFF) if any(isinstance(e, CampaignSubmitted) for e in events) else []
    post_inbox([entry for event in events for entry in _of_campaign(event, known, staff)])


@subscribe("notifications.tell_of_anomalies", PaymentFlagged, lane=BULK)
def tell_of_anomalies(events: Sequence[PaymentFlagged]) -> None:
    staff = accounts.user_ids_with_role(role=STAFF)
    post_inbox(
        [
            NewInboxEntry(
                user_id=user_id,
                kind="payment_anomaly",
                key=f"{event.payment_id}:{event.kind}",
                at=event.at,
                data={"payment": str(event.payment_id), "pledge": str(event.reference), "anomaly": event.kind},
            )
            for event in events
            for user_id in staff
        ]
    )


def _of_gift(event: GiftFact, campaign: Campaign | None) -> Iterator[NewInboxEntry]:
    for_donor, for_manager = _OF_GIFTS[type(event)]
    data: dict[str, Any] = {
        "pledge": str(event.pledge_id),
        "campaign": str(event.campaign_id),
        "title": campaign.title if campaign else "",
        "slug": campaign.slug if campaign else "",
        "amount": event.amount,
        "currency": event.currency,
    }
    key = str(event.refund_id if isinstance(event, PledgeRefunded) else event.pledge_id)
    if event.donor_id:
        yield NewInboxEntry(user_id=event.donor_id, kind=for_donor, key=key, at=event.occurred_at, data=data)
    if for_manager and campaign:
        yield NewInboxEntry(user_id=campaign.manager_id, kind=for_manager, key=key, at=event.occurred_at, data=data)


def _of_campaign(event: CampaignFact, known: dict[UUID, Campaign], staff: Sequence[UUID]) -> Iterator[NewInboxEntry]:
    campaign = known.get(event.campaign_id)
    if campaign is None:
        return
    now = clock.now()
    data: dict[str, Any] = {"campaign": str(campaign.id), "title": campaign.title, "slug": campaign.slug}
    # Some moves can happen again; each time is told, but only once.
    key = f"{campaign.id}:{campaign.revision}"
    if isinstance(event, CampaignSubmitted):
        for user_id in staff:
            yield NewInboxEntry(user_id=user_id, kind="review_waiting", key=key, at=now, data=data)
        return
    if isinstance(event, CampaignGoalReached):
        data |= {"goal_amount": event.goal_amount, "raised_amount": event.raised_amount, "currency": event.currency}
        key = str(campaign.id)
    if isinstance(event, CampaignPublished):  # opening again after a pause was the manager's own doing
        key = str(campaign.id)
    yield NewInboxEntry(user_id=event.manager_id, kind=_OF_CAMPAIGNS[type(event)], key=key, at=now, data=data)
