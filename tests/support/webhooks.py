"""Webhooks as a provider, or somebody who pretends to be one, sends them to a running copy."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from standardwebhooks import Webhook

from .stack import Stack

DOOR = "/api/v1/payments/webhooks/bank"


def told(kind: str, payment: object, *, amount: int, currency: str = "BDT", **data: Any) -> bytes:
    """The body of a webhook of the bank."""
    data = {"payment": str(payment), "amount": amount, "currency": currency, "reason": None} | data
    return json.dumps({"type": f"payment.{kind}", "timestamp": "2026-01-01T00:00:00Z", "data": data}).encode()


def sign(stack: Stack, body: bytes, *, message_id: str = "", at: datetime | None = None) -> dict[str, str]:
    """The headers that make the body genuine."""
    message_id, moment = message_id or f"msg_{uuid4().hex}", at or datetime.now(UTC)
    signature = Webhook(stack.secret("BANK_WEBHOOK_SECRET")).sign(message_id, moment, body.decode("utf-8", "replace"))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }


def post(stack: Stack, body: bytes, headers: dict[str, str] | None = None) -> int:
    """Send it; returns the status."""
    return stack.ask("POST", DOOR, body, headers=sign(stack, body) if headers is None else headers)[0]
