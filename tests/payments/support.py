"""Short ways to what the tests of payments do all the time."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client
from standardwebhooks import Webhook

from apps.payments import interface as payments
from apps.payments.services.call_providers import call_providers
from apps.payments.services.process_webhooks import process_webhooks
from apps.platform import db
from apps.platform.ids import new_id

PAYS = "4000-0000-0000-0001"
PATH = "/api/v1/payments/webhooks/bank"


def open_payment(amount: int = 2500, capture: payments.Capture = "automatic", **changes: Any) -> payments.NewPayment:
    new = {"id": new_id(), "reference": new_id(), "provider": "bank", "account": PAYS, "amount": amount}
    payment = payments.NewPayment(**new | {"currency": "BDT", "capture": capture} | changes)
    payments.open_payments(payments=[payment])
    return payment


def state_of(payment: payments.NewPayment) -> payments.Payment:
    [found] = [
        each
        for each in payments.payments_of(references=[payment.reference])[payment.reference]
        if each.id == payment.id
    ]
    return found


def call(rounds: int = 1) -> int:
    """Let a worker call the provider for all that is due; with more rounds, backoffs between them are over at once."""
    ended = call_providers(seconds=20, patience=10)
    for _ in range(rounds - 1):
        hurry()
        ended += call_providers(seconds=20, patience=10)
    return ended


def hurry() -> None:
    """Let what waits for a retry be due now."""
    db.execute("UPDATE payments_operation SET due_at = statement_timestamp() WHERE status IN ('due', 'unknown')")


def webhook(
    client: Client, kind: str, payment_id: object, *, message_id: str = "", process: bool = True, **data: Any
) -> int:
    """Send a signed webhook of the bank and process it; returns the HTTP status."""
    told = {"payment": str(payment_id), "hold": "h-1", "transaction": f"t-{kind}", "amount": 2500, "currency": "BDT"}
    body = json.dumps({"type": f"payment.{kind}", "timestamp": "2026-01-01T00:00:00Z", "data": told | data})
    status = post(client, body, message_id=message_id).status_code
    if process:
        process_webhooks()
    return status


def post(client: Client, body: str | bytes, *, message_id: str = "", at: datetime | None = None, **headers: str) -> Any:
    message_id = message_id or f"msg_{new_id()}"
    return client.post(PATH, body, content_type="application/json", headers=signed(body, message_id, at) | headers)


def signed(body: str | bytes, message_id: str, at: datetime | None = None) -> dict[str, str]:
    moment = at or datetime.now(UTC)
    text = body if isinstance(body, str) else body.decode()
    signature = Webhook(settings.BANK["WEBHOOK_SECRET"]).sign(message_id, moment, text)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }


def anomalies(payment_id: UUID | None = None) -> list[str]:
    sql = "SELECT kind FROM payments_anomaly WHERE %(id)s::uuid IS NULL OR payment_id = %(id)s ORDER BY kind"
    return [row["kind"] for row in db.rows(sql, {"id": payment_id})]


def events(payment_id: UUID) -> Counter[str]:
    """How often each type of event was published about a payment."""
    sql = "SELECT type FROM outbox_event WHERE payload ->> 'payment_id' = %s"
    return Counter(row["type"] for row in db.rows(sql, [str(payment_id)]))


def operations(payment_id: UUID) -> list[tuple[str, str, int]]:
    """Kind, status and attempts of a payment's operations, oldest first."""
    sql = "SELECT kind, status, attempts FROM payments_operation WHERE payment_id = %s ORDER BY created_at, id"
    return [(row["kind"], row["status"], row["attempts"]) for row in db.rows(sql, [payment_id])]


def eventually(condition: Any, seconds: float = 10.0) -> None:
    """Wait until `condition()` holds. Raises AssertionError after `seconds`."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        threading_pause()


def threading_pause() -> None:
    """Give other threads a moment."""
    import threading

    threading.Event().wait(0.01)
