from __future__ import annotations

from typing import Any, Literal

import msgspec

from apps.faces.shared.openapi import NOBODY, Operation, Operations


class PaymentWebhook(msgspec.Struct):
    """A Standard Webhook. Stored raw as soon as its signature is right; what does not fit is flagged later."""

    type: str
    timestamp: str
    data: dict[str, Any]


class WebhookReceipt(msgspec.Struct):
    status: Literal["stored", "already-stored"]


_HEADERS = {
    "webhook-id": "Names the message; sent twice it is stored once.",
    "webhook-timestamp": "Unix seconds, at most five minutes off.",
    "webhook-signature": "`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`; several, separated by spaces.",
}
OPERATIONS: Operations = {
    ("/api/v1/payments/webhooks/{provider}", "post"): Operation(
        summary="A provider's webhook: 202 when stored, 200 when it was stored already.",
        body=PaymentWebhook,
        answers={202: WebhookReceipt, 200: WebhookReceipt},
        problems=(401, 404, 413),
        headers=_HEADERS,
        security=NOBODY,
    )
}
