"""Delivering webhooks: lease committed, calls side by side outside any transaction, what became of each recorded."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from apps.platform import clock, db
from apps.platform.alone import alone
from apps.platform.retry import backoff

from ...gateway import webhooks as gateway
from ..post_inbox import NewInboxEntry, post_inbox
from .queue import SEND
from .secrets import signatures

AT_ONCE, PER_ENDPOINT = 100, 20
CALLERS = 16
LEASE = timedelta(seconds=60)
TRIED_FOR = timedelta(days=3)
GONE = 410
# Endpoints take turns: a slow one with a long queue leaves room for the others.
_CLAIM = """
    UPDATE notifications_webhookdelivery AS delivery SET attempts = attempts + 1, due_at = %(until)s
    FROM (
        SELECT id FROM (
            SELECT waiting.id, row_number() OVER (PARTITION BY waiting.endpoint_id ORDER BY waiting.due_at) AS place, waiting.due_at
            FROM (
                SELECT due.id, due.endpoint_id, due.due_at FROM notifications_webhookdelivery AS due
                JOIN notifications_endpoint AS endpoint ON endpoint.id = due.endpoint_id AND endpoint.is_active
                WHERE due.delivered_at IS NULL AND due.dead_at IS NULL AND due.due_at <= %(now)s
                ORDER BY due.due_at LIMIT 2000 FOR NO KEY UPDATE OF due SKIP LOCKED
            ) AS waiting
        ) AS ranked
        WHERE place <= %(each)s ORDER BY due_at LIMIT %(limit)s
    ) AS taken, notifications_endpoint AS endpoint
    WHERE delivery.id = taken.id AND endpoint.id = delivery.endpoint_id
    RETURNING delivery.id, delivery.endpoint_id, delivery.payload, delivery.attempts, delivery.started_at, endpoint.url,
              endpoint.owner_id, endpoint.secret_version, endpoint.old_secret_until, endpoint.failing_since
"""
_RECORD = """
    UPDATE notifications_webhookdelivery SET delivered_at = %(delivered)s, dead_at = %(dead)s, due_at = %(due)s,
        last_status = %(status)s, last_error = %(error)s
    WHERE id = %(id)s
"""
_WORKS = "UPDATE notifications_endpoint SET failing_since = NULL WHERE id = ANY(%s) AND failing_since IS NOT NULL"
_FAILS = "UPDATE notifications_endpoint SET failing_since = %s WHERE id = ANY(%s) AND failing_since IS NULL"
_DISABLE = """
    UPDATE notifications_endpoint SET is_active = false, disabled_at = %s WHERE id = %s AND is_active RETURNING url, owner_id
"""


@dataclass(frozen=True)
class Sent:
    delivered: int = 0
    failed: int = 0


@dataclass(frozen=True)
class _Due:
    id: UUID
    endpoint_id: UUID
    payload: Any
    attempts: int
    started_at: datetime
    url: str
    owner_id: UUID
    secret_version: int
    old_secret_until: datetime | None
    failing_since: datetime | None


def send_webhooks(*, rounds: int = 10) -> Sent:
    """Deliver what is due, in one process at a time. Talks to strangers: call it outside a transaction."""
    counts: Counter[bool] = Counter()
    with alone(SEND) as mine:
        while mine and rounds:
            rounds -= 1
            now = clock.now()
            due = [
                _Due(**row)
                for row in db.rows(_CLAIM, {"now": now, "until": now + LEASE, "each": PER_ENDPOINT, "limit": AT_ONCE})
            ]
            if not due:
                break
            with ThreadPoolExecutor(CALLERS) as callers:
                outcomes = list(callers.map(_call, due, [now] * len(due)))
            _record(due, outcomes)
            counts.update(outcome.is_delivered for outcome in outcomes)
    return Sent(counts[True], counts[False])


def _call(due: _Due, now: datetime) -> gateway.Outcome:
    payload = due.payload if isinstance(due.payload, dict) else json.loads(due.payload)
    body = msgspec.json.encode(payload).decode()
    versions = [due.secret_version]
    if due.old_secret_until and due.old_secret_until > now and due.secret_version > 1:
        versions.append(due.secret_version - 1)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": str(due.id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signatures(
            endpoint_id=due.endpoint_id, versions=versions, webhook_id=str(due.id), at=now, body=body
        ),
    }
    return gateway.post(due.url, body.encode(), headers)


def _record(due: list[_Due], outcomes: list[gateway.Outcome]) -> None:
    now = clock.now()
    works, fails, gone = set(), set(), set()
    with transaction.atomic():
        for each, outcome in zip(due, outcomes, strict=True):
            dead = None
            if outcome.is_delivered:
                works.add(each.endpoint_id)
            else:
                fails.add(each.endpoint_id)
                if outcome.status == GONE or (each.failing_since and now - each.failing_since >= TRIED_FOR):
                    gone.add(each.endpoint_id)
                if now - each.started_at >= TRIED_FOR:
                    dead = now
            db.execute(
                _RECORD,
                {
                    "id": each.id,
                    "delivered": now if outcome.is_delivered else None,
                    "dead": dead,
                    "due": now
                    if outcome.is_delivered or dead
                    else now + backoff(each.attempts, base=5.0, cap=4 * 3600.0),
                    "status": outcome.status,
                    "error": outcome.error,
                },
            )
        db.execute(_WORKS, [list(works)])
        db.execute(_FAILS, [now, list(fails - works)])
        for endpoint_id in sorted(gone - works):
            _disable(endpoint_id, now)


def _disable(endpoint_id: UUID, now: datetime) -> None:
    """Switch off what has not answered for days, and tell its owner."""
    for row in db.rows(_DISABLE, [now, endpoint_id]):
        post_inbox(
            [
                NewInboxEntry(
                    user_id=row["owner_id"],
                    kind="endpoint_disabled",
                    key=f"{endpoint_id}:{now.timestamp():.0f}",
                    at=now,
                    data={"endpoint": str(endpoint_id), "url": row["url"]},
                )
            ]
        )
