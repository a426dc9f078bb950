"""The shapes of pledges over HTTP: what is read, and what is shown to whom."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

import msgspec
from django.conf import settings

from apps.payments.data import Payment
from apps.platform.actors import Actor
from apps.pledges import interface as pledges

# Ends that say nothing about the account.
TELLABLE = frozenset({"cancelled", "released", "expired"})


class DonorBody(msgspec.Struct):
    name: str | None = None
    email: str | None = None


class PaymentBody(msgspec.Struct):
    provider: str
    account: str


class PledgeBody(msgspec.Struct):
    campaign: UUID
    amount: int
    payment: PaymentBody
    currency: str | None = None
    donor: DonorBody | None = None
    anonymous: bool = False
    message: str | None = None
    capture: Literal["automatic", "manual"] = "automatic"

    def to_new_pledge(
        self, caller: Actor, *, scope: str, key: str | None, fingerprint: bytes, language: str = ""
    ) -> pledges.NewPledge:
        """A key's pledges are its guests'; a signed-in person's are their own. Letters to guests are in `language`."""
        donor = self.donor or DonorBody()
        return pledges.NewPledge(
            campaign_id=self.campaign,
            amount=self.amount,
            currency=self.currency or "",
            donor_id=None if caller.api_key_id else caller.user_id,
            donor_email=donor.email or "",
            donor_name=donor.name or "",
            language=language,
            anonymous=self.anonymous,
            message=self.message or "",
            provider=self.payment.provider,
            account=self.payment.account,
            capture=self.capture,
            caller_scope=scope,
            idempotency_key=key,
            fingerprint=fingerprint,
        )


class RefundBody(msgspec.Struct):
    reason: str
    amount: int | None = None


def tracking_url(token: str) -> str:
    return f"{settings.PUBLIC_URL}/donations/{token}/"


def made_body(made: pledges.MadePledge) -> dict[str, Any]:
    """The 201 of a pledge: only what never changes, so that a replay says the same."""
    return {
        "id": made.pledge_id,
        "status": "pending",
        "campaign": made.campaign_id,
        "amount": made.amount,
        "currency": made.currency,
        "tracking_url": tracking_url(made.tracking_token),
        "tracking_token": made.tracking_token,
        "next_action": None,
        "created_at": made.created_at,
    }


def pledge_body(pledge: pledges.Pledge, payments: list[Payment] | None = None) -> dict[str, Any]:
    """A pledge for those who may see it; `payments` for managers and staff only."""
    body: dict[str, Any] = {
        "id": pledge.id,
        "status": pledge.status,
        "campaign": pledge.campaign_id,
        "campaign_title": pledge.campaign_title,
        "amount": pledge.amount,
        "currency": pledge.currency,
        "captured_amount": pledge.captured_amount,
        "refunded_amount": pledge.refunded_amount,
        "failure_reason": _reason(pledge.failure_reason, is_manager=payments is not None),
        "capture": pledge.capture,
        "anonymous": pledge.anonymous,
        "message": pledge.message,
        "donor": {"name": pledge.donor_name, "email": pledge.donor_email},
        "created_at": pledge.created_at,
        "captured_at": pledge.captured_at,
    }
    if payments is not None:
        body["payments"] = [
            {"id": each.id, "provider": each.provider, "status": each.status, "hold": each.hold or None}
            for each in payments
        ]
    return body


def _reason(reason: str, *, is_manager: bool) -> str | None:
    """Whoever gives hears `declined`, whatever the bank said: why a card is refused helps those who test stolen ones."""
    return (reason if is_manager or reason in TELLABLE else "declined") if reason else None


def refund_body(refund: pledges.Refund) -> dict[str, Any]:
    return {
        "id": refund.id,
        "pledge": refund.pledge_id,
        "amount": refund.amount,
        "currency": refund.currency,
        "reason": refund.reason,
        "status": refund.status,
        "created_at": refund.created_at,
    }


def gift_body(gift: pledges.TrackedGift, token: str) -> dict[str, Any]:
    return {
        "status": gift.status,
        "amount": gift.amount,
        "currency": gift.currency,
        "campaign": gift.campaign_id,
        "campaign_title": gift.campaign_title,
        "timeline": [{"status": step.status, "at": step.at} for step in gift.timeline],
        "refunded_amount": gift.refunded_amount,
        "receipt_url": f"{tracking_url(token)}receipt/" if gift.receipt_number else None,
    }


def wall_body(entry: pledges.WallEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "donor_name": None if entry.anonymous else entry.donor_name or None,
        "anonymous": entry.anonymous,
        "amount": entry.amount,
        "currency": entry.currency,
        "message": entry.message,
        "captured_at": entry.captured_at,
    }
