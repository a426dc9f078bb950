from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from apps.platform import batching, clock, context, db, wake

from .. import gateway
from ..data import Receipt
from ..errors import WebhookTooLarge

PROCESS_WEBHOOKS = "payments.process_webhooks"
MAX_BYTES = 64 * 1024

# Sorted, so that two batches with the same webhooks wait for each other instead of deadlocking.
_STORE = """
    INSERT INTO payments_webhookmessage (provider, webhook_id, body, request_id, received_at, due_at, attempts, outcome)
    SELECT come.*, statement_timestamp(), 0, ''
    FROM unnest(%s::text[], %s::text[], %s::bytea[], %s::text[], %s::timestamptz[])
        AS come(provider, webhook_id, body, request_id, received_at)
    ORDER BY provider, webhook_id
    ON CONFLICT (provider, webhook_id) DO NOTHING RETURNING provider, webhook_id
"""


@dataclass(frozen=True)
class _Message:
    provider: str
    webhook_id: str
    body: bytes
    request_id: str


def receive_webhook(*, provider: str, headers: Mapping[str, str], body: bytes) -> Receipt:
    """Keep a genuine webhook, raw and once; a worker processes it later. Those that come together share a commit.

    Raises UnknownProvider, WebhookTooLarge, InvalidSignature.
    """
    adapter = gateway.provider(provider)
    if len(body) > MAX_BYTES:
        raise WebhookTooLarge
    webhook_id = adapter.verify_webhook(headers=headers, body=body)
    message = _Message(provider, webhook_id, body, context.request_id())
    if not settings.GROUP_COMMIT or db.in_transaction():
        return _store([message])[0]
    try:
        return _group.submit(message)
    except (batching.Full, batching.BatchFailed, batching.OutcomeUnknown):
        return _store([message])[0]  # once, whatever became of the batch


def _store(messages: Sequence[_Message]) -> list[Receipt]:
    """One statement, however many. Of several copies in one call the first is the one that was stored."""
    now = clock.now()
    rows = db.rows(
        _STORE,
        [
            [each.provider for each in messages],
            [each.webhook_id for each in messages],
            [each.body for each in messages],
            [each.request_id for each in messages],
            [now for _ in messages],
        ],
    )
    stored = {(row["provider"], row["webhook_id"]) for row in rows}
    receipts = []
    for each in messages:
        is_new = (each.provider, each.webhook_id) in stored
        stored.discard((each.provider, each.webhook_id))
        receipts.append(Receipt.STORED if is_new else Receipt.ALREADY)
    if rows:
        wake.on_commit(PROCESS_WEBHOOKS)
    return receipts


def _store_together(messages: Sequence[_Message]) -> list[Receipt]:
    """In the group's thread, on its own connection, which is looked at before each batch."""
    db.leave_pool()
    connection.close_if_unusable_or_obsolete()
    return _store(messages)


_group: batching.Batcher[_Message, Receipt] = batching.Batcher(_store_together, name="webhooks", room=32)
