"""Payouts, told to those who have to decide about them, and to whoever asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns
from apps.payouts.events import PayoutDeclined, PayoutFailed, PayoutPaid, PayoutRequested
from apps.platform import clock
from apps.platform.actors import STAFF
from apps.platform.events import BULK, subscribe

from ..services.post_inbox import NewInboxEntry, post_inbox

PayoutFact = PayoutRequested | PayoutDeclined | PayoutPaid | PayoutFailed
_KINDS: dict[type[PayoutFact], str] = {
    PayoutRequested: "payout_waiting",
    PayoutDeclined: "payout_declined",
    PayoutPaid: "payout_paid",
    PayoutFailed: "payout_failed",
}


@subscribe("notifications.tell_of_payouts", *_KINDS, lane=BULK)
def tell_of_payouts(events: Sequence[PayoutFact]) -> None:
    known = campaigns.get_campaigns(campaign_ids={event.campaign_id for event in events})
    staff = accounts.user_ids_with_role(role=STAFF) if any(isinstance(e, PayoutRequested) for e in events) else []
    post_inbox([entry for event in events for entry in _entries(event, known, staff)])


def _entries(event: PayoutFact, known: dict[Any, campaigns.Campaign], staff: Sequence[Any]) -> Iterator[NewInboxEntry]:
    campaign = known.get(event.campaign_id)
    data = {
        "payout": str(event.payout_id),
        "campaign": str(event.campaign_id),
        "title": campaign.title if campaign else "",
        "slug": campaign.slug if campaign else "",
        "amount": event.amount,
        "currency": event.currency,
    }
    concerned = staff if isinstance(event, PayoutRequested) else [event.requested_by_id]
    for user_id in concerned:
        if not (isinstance(event, PayoutRequested) and user_id == event.requested_by_id):
            kind = _KINDS[type(event)]
            yield NewInboxEntry(user_id=user_id, kind=kind, key=str(event.payout_id), at=clock.now(), data=data)
