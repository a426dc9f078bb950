"""The inbox: stored webhooks become facts, and payments go where the facts put them, a batch in one transaction."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from apps.platform import clock, context, db, wake
from apps.platform.retry import backoff

from .. import gateway
from ..errors import MalformedMessage
from ..gateway import Statement
from .anomalies import Finding, flag
from .receive_webhook import PROCESS_WEBHOOKS
from .record_facts import Said, Source, lock_payments, record_facts
from .settle import settle

log = logging.getLogger(__name__)
BATCH = 500
SECONDS = 2.0
MALFORMED, IGNORED = "malformed", "ignored"

_CLAIM = """
    SELECT id, provider, webhook_id, body, request_id, attempts FROM payments_webhookmessage
    WHERE processed_at IS NULL AND due_at <= statement_timestamp() AND (%(id)s::bigint IS NULL OR id = %(id)s)
    ORDER BY due_at LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
"""
_PROCESSED = """
    UPDATE payments_webhookmessage AS message SET outcome = target.outcome, processed_at = %(now)s
    FROM unnest(%(ids)s::bigint[], %(outcomes)s::text[]) AS target(id, outcome) WHERE message.id = target.id
"""
# Last of the transaction: every batch wants these few rows.
_TALLY = """
    INSERT INTO payments_webhooktally AS tally (provider, outcome, number)
    SELECT told.provider, told.outcome, count(*) FROM unnest(%(providers)s::text[], %(outcomes)s::text[])
        AS told(provider, outcome) GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (provider, outcome) DO UPDATE SET number = tally.number + excluded.number
"""
_PUT_OFF = """
    UPDATE payments_webhookmessage SET attempts = attempts + 1, due_at = statement_timestamp() + %s
    WHERE id = %s AND processed_at IS NULL
"""


@dataclass(frozen=True)
class Message:
    id: int
    provider: str
    webhook_id: str
    body: bytes
    request_id: str
    attempts: int


def process_webhooks(*, seconds: float = SECONDS) -> int:
    """Process stored webhooks until none is due or `seconds` have passed. Returns how many. Safe to run twice at once.

    Commits in between: call it outside a transaction.
    """
    until = time.monotonic() + seconds
    processed = 0
    while time.monotonic() < until:
        try:
            done = _batch(limit=BATCH)
        except Exception:  # noqa: BLE001  whatever one message does must not keep the others waiting
            log.exception("batch of webhooks not processed")
            done = _one_by_one()
        processed += done
        if done < BATCH:
            return processed
    wake.wake(PROCESS_WEBHOOKS)
    return processed


def _batch(*, limit: int, message_id: int | None = None) -> int:
    with transaction.atomic():
        rows = db.rows(_CLAIM, {"limit": limit, "id": message_id})
        if rows:
            _process([Message(**row | {"body": bytes(row["body"])}) for row in rows])
        return len(rows)


def _one_by_one() -> int:
    """Process what is due each in its own transaction; what the database refuses then is put off and named."""
    due = db.rows(
        """SELECT id, attempts FROM payments_webhookmessage
           WHERE processed_at IS NULL AND due_at <= statement_timestamp() ORDER BY due_at LIMIT %s""",
        [BATCH],
    )
    processed = 0
    for row in due:
        try:
            processed += _batch(limit=1, message_id=row["id"])
        except Exception as error:  # noqa: BLE001  as above; this one is put off
            log.error("webhook not processed", extra={"message_id": row["id"]}, exc_info=error)
            db.execute(_PUT_OFF, [max(backoff(row["attempts"] + 1, cap=3600), timedelta(seconds=1)), row["id"]])
    return processed


def _process(messages: Sequence[Message]) -> None:
    said: list[tuple[Message, Said]] = []
    outcomes: dict[int, str] = {}
    findings: list[Finding] = []
    for message in messages:
        try:
            statement = gateway.provider(message.provider).read_webhook(body=message.body)
        except MalformedMessage as error:
            outcomes[message.id] = MALFORMED
            findings.append(_malformed(message, error))
            continue
        if statement is None:
            outcomes[message.id] = IGNORED
        else:
            said.append((message, _said(message, statement)))
    with context.bound(request_id=messages[0].request_id):
        payments = lock_payments(each.statement.payment_id for _, each in said)
        verdicts, changed = record_facts([each for _, each in said], payments)
        settle(payments, changed)
        flag(findings)
    outcomes |= {message.id: verdict.value for (message, _), verdict in zip(said, verdicts, strict=True)}
    db.execute(_PROCESSED, {"now": clock.now(), "ids": list(outcomes), "outcomes": list(outcomes.values())})
    providers = [message.provider for message in messages]
    db.execute(_TALLY, {"providers": providers, "outcomes": [outcomes[message.id] for message in messages]})


def _said(message: Message, statement: Statement) -> Said:
    return Said(message.provider, statement, Source.WEBHOOK, subject=message.webhook_id)


def _malformed(message: Message, error: MalformedMessage) -> Finding:
    evidence = {"webhook": message.webhook_id, "bytes": len(message.body), "why": str(error)}
    return Finding(provider=message.provider, kind="malformed-webhook", subject=message.webhook_id, evidence=evidence)
