"""Webhooks on their way: claimed with a lease that is committed before the call, sent side by side, then settled."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import msgspec

from apps.platform import clock, db
from apps.platform.clock import rfc3339
from apps.platform.retry import backoff

from ..gateway import post_webhook

BATCH, AT_ONCE = 64, 16
LEASE, MAX_AGE = timedelta(seconds=30), timedelta(days=3)

_CLAIM = """
    UPDATE bank_delivery AS delivery SET attempts = attempts + 1, due_at = %(now)s + %(lease)s
    FROM (SELECT id FROM bank_delivery WHERE done_at IS NULL AND given_up_at IS NULL AND due_at <= %(now)s
          ORDER BY due_at LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED) AS due,
         bank_event AS event
    WHERE delivery.id = due.id AND event.seq = delivery.event_id
    RETURNING delivery.id, delivery.attempts, event.id AS event_id, event.type, event.data::text AS data, event.at
"""
_DONE = "UPDATE bank_delivery SET done_at = %(now)s WHERE id = ANY(%(ids)s)"
_LATER = "UPDATE bank_delivery SET due_at = %(due_at)s, given_up_at = %(given_up_at)s WHERE id = %(id)s"


def deliver_webhooks(*, seconds: float = 20.0) -> int:
    """Send what is due until nothing is, or `seconds` have passed. Returns how many were taken. Call outside a transaction."""
    until, taken = time.monotonic() + seconds, 0
    with ThreadPoolExecutor(AT_ONCE) as senders:
        while time.monotonic() < until:
            rows = db.rows(_CLAIM, {"now": clock.now(), "lease": LEASE, "limit": BATCH}, using="bank")
            if not rows:
                break
            taken += _settle(rows, list(senders.map(_send, rows)))
    return taken


def _send(row: dict[str, Any]) -> bool:
    body = {"type": row["type"], "timestamp": rfc3339(row["at"]), "data": msgspec.Raw(row["data"].encode())}
    return post_webhook(webhook_id=f"msg_{row['event_id'].hex}", body=msgspec.json.encode(body))


def _settle(rows: Sequence[dict[str, Any]], answers: Sequence[bool]) -> int:
    now = clock.now()
    done = [row["id"] for row, was_taken in zip(rows, answers, strict=True) if was_taken]
    db.execute(_DONE, {"now": now, "ids": done}, using="bank")
    for row, was_taken in zip(rows, answers, strict=True):
        if not was_taken:
            given_up_at = now if now - row["at"] > MAX_AGE else None
            due_at = now + backoff(row["attempts"], base=1.0, cap=3600)
            db.execute(_LATER, {"id": row["id"], "due_at": due_at, "given_up_at": given_up_at}, using="bank")
    return len(done)
