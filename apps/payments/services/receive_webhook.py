from __future__ import annotations

from collections.abc import Mapping

from apps.platform import clock, context, db, wake

from .. import gateway
from ..data import Receipt
from ..errors import WebhookTooLarge

PROCESS_WEBHOOKS = "payments.process_webhooks"
MAX_BYTES = 64 * 1024

_STORE = """
    INSERT INTO payments_webhookmessage (provider, webhook_id, body, request_id, received_at, due_at, attempts, outcome)
    VALUES (%s, %s, %s, %s, %s, statement_timestamp(), 0, '')
    ON CONFLICT (provider, webhook_id) DO NOTHING
"""


def receive_webhook(*, provider: str, headers: Mapping[str, str], body: bytes) -> Receipt:
    """Keep a genuine webhook, raw and once; a worker processes it later.

    Raises UnknownProvider, WebhookTooLarge, InvalidSignature.
    """
    adapter = gateway.provider(provider)
    if len(body) > MAX_BYTES:
        raise WebhookTooLarge
    webhook_id = adapter.verify_webhook(headers=headers, body=body)
    if not db.execute(_STORE, [provider, webhook_id, body, context.request_id(), clock.now()]):
        return Receipt.ALREADY
    wake.on_commit(PROCESS_WEBHOOKS)
    return Receipt.STORED
