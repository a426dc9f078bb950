"""How pledges look in the schema. The views build their bodies by hand; a test holds both against each other."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from apps.faces.shared.openapi import IDEMPOTENT, PAGE, SIGNED_IN, Operation, Operations

from .bodies import PledgeBody, RefundBody

State = Literal["pending", "authorized", "captured", "failed", "refunded", "partially_refunded"]


class MadePledge(msgspec.Struct):
    id: UUID
    status: Literal["pending"]
    campaign: UUID
    amount: int
    currency: str
    tracking_url: str
    tracking_token: str
    next_action: None
    created_at: datetime


class PledgeDonor(msgspec.Struct):
    name: str
    email: str


class PledgePayment(msgspec.Struct):
    id: UUID
    provider: str
    status: str
    hold: str | None


class Pledge(msgspec.Struct, kw_only=True):
    """`payments` is for the campaign's managers and staff; whoever gave reads one failure_reason for every decline."""

    id: UUID
    status: State
    campaign: UUID
    campaign_title: str
    amount: int
    currency: str
    captured_amount: int
    refunded_amount: int
    failure_reason: str | None
    capture: Literal["automatic", "manual"]
    anonymous: bool
    message: str
    donor: PledgeDonor
    created_at: datetime
    captured_at: datetime | None
    payments: list[PledgePayment] | msgspec.UnsetType = msgspec.UNSET


class PledgePage(msgspec.Struct):
    results: list[Pledge]
    next: str | None
    previous: str | None


class Refund(msgspec.Struct):
    id: UUID
    pledge: UUID
    amount: int
    currency: str
    reason: str
    status: Literal["awaiting", "pending", "succeeded", "failed"]
    created_at: datetime


class TimelineStep(msgspec.Struct):
    status: State
    at: datetime


class Donation(msgspec.Struct):
    """What whoever holds the tracking link may see."""

    status: State
    amount: int
    currency: str
    campaign: UUID
    campaign_title: str
    timeline: list[TimelineStep]
    refunded_amount: int
    receipt_url: str | None


class WallEntry(msgspec.Struct):
    id: UUID
    donor_name: str | None
    anonymous: bool
    amount: int
    currency: str
    message: str
    captured_at: datetime


class Wall(msgspec.Struct):
    results: list[WallEntry]
    next: str | None
    previous: str | None


_SOLUTION = {"X-Challenge-Solution": "Base64 of the ALTCHA payload, after a 403 `challenge-required`."}
_ONE = "/api/v1/pledges/{pledge_id}"
OPERATIONS: Operations = {
    ("/api/v1/pledges", "post"): Operation(
        summary="Promise a gift. Guests need no sign-in, but an e-mail address.",
        body=PledgeBody,
        answers={201: MadePledge},
        problems=(400, 401, 403, 404, 409, 413, 422, 429),
        headers=IDEMPOTENT | _SOLUTION,
    ),
    ("/api/v1/pledges", "get"): Operation(
        summary="The caller's own pledges; with `campaign`, those of a campaign for its managers.",
        answers={200: PledgePage},
        problems=(400, 401, 403, 404),
        query={"campaign": {"type": "string", "format": "uuid"}} | PAGE,
        security=SIGNED_IN,
    ),
    (_ONE, "get"): Operation(
        summary="One pledge, for its donor, the campaign's managers and staff.",
        answers={200: Pledge},
        problems=(401, 404),
    ),
    (f"{_ONE}/capture", "post"): Operation(
        summary="Ask for the capture of an authorized pledge.",
        answers={202: Pledge},
        problems=(400, 401, 403, 404, 409, 413, 422),
        headers=IDEMPOTENT,
        security=SIGNED_IN,
    ),
    (f"{_ONE}/cancellation", "post"): Operation(
        summary="Ask for the release of an authorized pledge.",
        answers={202: Pledge},
        problems=(400, 401, 403, 404, 409, 413, 422),
        headers=IDEMPOTENT,
        security=SIGNED_IN,
    ),
    (f"{_ONE}/refunds", "post"): Operation(
        summary="Give back all that is left, or a part.",
        body=RefundBody,
        answers={201: Refund},
        problems=(400, 401, 403, 404, 409, 413, 422),
        headers=IDEMPOTENT,
        security=SIGNED_IN,
    ),
    ("/api/v1/donations/{tracking_token}", "get"): Operation(
        summary="Follow a gift by its tracking token.", answers={200: Donation}, problems=(404,)
    ),
    ("/api/v1/campaigns/{campaign_id}/donations", "get"): Operation(
        summary="The public wall: captured gifts, newest first.",
        answers={200: Wall},
        problems=(400, 401, 404),
        query=PAGE,
    ),
}
