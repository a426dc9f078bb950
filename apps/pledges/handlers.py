"""What pledges do when something happens to payments, and what their own facts do to campaigns' totals."""

from collections.abc import Sequence

from apps.accounts import interface as accounts
from apps.accounts.events import UserErased
from apps.campaigns import interface as campaigns
from apps.campaigns.data import TotalChange
from apps.payments.events import (
    AnomalyDecided,
    PaymentAuthorized,
    PaymentCaptured,
    PaymentFailed,
    PaymentRefunded,
    PaymentRefundFailed,
    PaymentReleased,
)
from apps.platform.actors import Actor
from apps.platform.events import BULK, subscribe

from .events import PledgeAuthorized, PledgeCaptured, PledgeCreated, PledgeFailed, PledgeRefunded
from .services import figures, follow_payments, forget_donors, issue_receipts

_OF_PAYMENTS = (
    PaymentAuthorized,
    PaymentCaptured,
    PaymentFailed,
    PaymentReleased,
    PaymentRefunded,
    PaymentRefundFailed,
)
_OF_PLEDGES = (PledgeCreated, PledgeAuthorized, PledgeCaptured, PledgeFailed, PledgeRefunded)


@subscribe("pledges.follow_payments", *_OF_PAYMENTS)
def follow(events: Sequence[follow_payments.PaymentFact]) -> None:
    follow_payments.follow_payments(events)


@subscribe("pledges.raise_totals", PledgeCaptured, PledgeRefunded)
def raise_totals(events: Sequence[PledgeCaptured | PledgeRefunded]) -> None:
    campaigns.fold_totals(changes=[_change(event) for event in events])


@subscribe("pledges.count_figures", *_OF_PLEDGES)
def count_figures(events: Sequence[figures.PledgeFact]) -> None:
    figures.count_figures(events)


@subscribe("pledges.issue_receipts", PledgeCaptured, lane=BULK)
def give_receipts(events: Sequence[PledgeCaptured]) -> None:
    issue_receipts.issue_receipts(events)


@subscribe("pledges.forget_donors", UserErased, lane=BULK)
def forget(events: Sequence[UserErased]) -> None:
    forget_donors.forget_donors(user_ids=[event.user_id for event in events])


@subscribe("pledges.audit_decisions", AnomalyDecided, lane=BULK)
def audit_decisions(events: Sequence[AnomalyDecided]) -> None:
    """Payments knows no people; here the trail of what they do is known."""
    for event in events:
        by = Actor(user_id=event.by_id) if event.by_kind == "user" else Actor(api_key_id=event.by_id)
        detail = {"kind": event.kind, "payment": event.payment_id, "pledge": event.reference}
        action = f"anomaly.{event.action}"
        accounts.record_action(by=by, action=action, subject_id=str(event.anomaly_id), detail=detail)


def _change(event: PledgeCaptured | PledgeRefunded) -> TotalChange:
    if isinstance(event, PledgeCaptured):
        return TotalChange(
            campaign_id=event.campaign_id, donor_key=event.donor_key, captured=event.amount, refunded=0, gifts=1
        )
    gifts = -1 if event.is_full else 0
    return TotalChange(
        campaign_id=event.campaign_id, donor_key=event.donor_key, captured=0, refunded=event.amount, gifts=gifts
    )
