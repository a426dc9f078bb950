"""The usual case of a hold and of a capture, each as one statement that commits by itself.

The balance and the event counter are rows that everybody at the bank waits for: here they are locked for the length of
one statement and its commit, not for several round trips. What is unusual in any way is left alone (None), and taken
the long way by `authorize` and `capture`, which know every refusal.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction

from apps.platform import clock, db, wake
from apps.platform.ids import new_id

from .. import data
from ..data import EVERY, NUMBER, behaviour_of
from ..models import CAPTURE, CAPTURED, OPEN
from .accounts import MERCHANT
from .announce import DELIVER

# The event gets the next number last, when everything else is written.
_ANNOUNCE = """
    numbered AS (
        INSERT INTO bank_eventcounter (id, last) SELECT 1, coalesce((SELECT max(seq) FROM bank_event), 0) + 1 FROM done
        ON CONFLICT (id) DO UPDATE SET last = bank_eventcounter.last + 1 RETURNING last
    ), event AS (
        INSERT INTO bank_event (seq, id, type, data, at)
        SELECT last, %(event)s, %(type)s, %(data)s::jsonb, %(now)s FROM numbered RETURNING seq
    ), delivery AS (
        INSERT INTO bank_delivery (event_id, copy, attempts, due_at)
        SELECT event.seq, copy, 0, %(due_at)s FROM event, generate_series(1, %(copies)s) AS copy
    )
    SELECT * FROM done
"""
_HOLD = f"""
    WITH kept AS (
        UPDATE bank_balance SET held = held + %(amount)s
        WHERE account_id = %(account)s AND currency = %(currency)s AND balance >= held + %(amount)s RETURNING account_id
    ), done AS (
        INSERT INTO bank_hold (id, account_id, reference, amount, currency, status, reason, captured_amount, refunded_amount,
            expires_at, created_at)
        SELECT %(hold)s, account_id, %(reference)s, %(amount)s, %(currency)s, '{OPEN}', '', 0, 0, %(expires_at)s, %(now)s
        FROM kept RETURNING id
    ), {_ANNOUNCE}
"""  # noqa: S608  constants
_CAPTURE = f"""
    WITH hold AS (
        SELECT * FROM bank_hold WHERE id = %(hold)s AND status = '{OPEN}' AND reason = '' AND expires_at > %(now)s
            AND EXISTS (SELECT FROM bank_balance AS b WHERE b.account_id = bank_hold.account_id AND b.currency = bank_hold.currency)
        FOR NO KEY UPDATE
    ), moved AS (
        INSERT INTO bank_transaction (id, hold_id, kind, amount, idempotency_key, created_at)
        SELECT %(transaction)s, id, '{CAPTURE}', amount, %(key)s, %(now)s FROM hold RETURNING hold_id
    ), entered AS (
        INSERT INTO bank_entry (debit, credit, amount, currency, transaction, created_at)
        SELECT account_id, '{MERCHANT}', amount, currency, %(transaction)s, %(now)s FROM hold JOIN moved ON hold_id = id
    ), paid AS (
        UPDATE bank_balance AS balance SET balance = balance.balance - hold.amount, held = held - hold.amount
        FROM hold JOIN moved ON hold_id = hold.id
        WHERE balance.account_id = hold.account_id AND balance.currency = hold.currency RETURNING balance.id
    ), done AS (
        UPDATE bank_hold AS ended SET status = '{CAPTURED}', captured_amount = ended.amount
        FROM paid, moved WHERE ended.id = moved.hold_id RETURNING ended.expires_at, ended.created_at
    ), {_ANNOUNCE}
"""  # noqa: S608  constants


def hold_at_once(*, account: str, amount: int, currency: str, reference: UUID) -> data.Authorization | None:
    """A new hold on an account that has the money; None when anything is in the way, and nothing was done."""
    if behaviour_of(account).declines or not NUMBER.fullmatch(account):
        return None
    hold_id, now = new_id(), clock.now()
    expires_at = now + timedelta(hours=settings.BANK["HOLD_HOURS"])
    params = {
        "hold": hold_id,
        "account": account,
        "reference": reference,
        "amount": amount,
        "currency": currency,
        "expires_at": expires_at,
        **_event("payment.authorized", account, reference, hold_id, hold_id, amount, currency, now),
    }
    if not _run(_HOLD, params):
        return None
    return data.Authorization(
        hold_id, OPEN, account, amount, currency, reference, None, 0, 0, expires_at, now, transactions=()
    )


def capture_at_once(*, hold: data.Authorization, key: str | None) -> data.Movement | None:
    """Take all of an open hold; None when anything is in the way, and nothing was done."""
    behaviour = behaviour_of(hold.account)
    if behaviour.capture_declines or hold.status != OPEN:
        return None
    moved_id, now = new_id(), clock.now()
    params = {
        "hold": hold.id,
        "transaction": moved_id,
        "key": key,
        **_event("payment.captured", hold.account, hold.reference, hold.id, moved_id, hold.amount, hold.currency, now),
    }
    done = _run(_CAPTURE, params)
    if not done:
        return None
    moved = data.Transaction(moved_id, CAPTURE, hold.amount, now, key)
    after = data.Authorization(
        hold.id,
        CAPTURED,
        hold.account,
        hold.amount,
        hold.currency,
        hold.reference,
        None,
        hold.amount,
        0,
        done[0]["expires_at"],
        done[0]["created_at"],
        transactions=(moved,),
    )
    return data.Movement(moved_id, "processing" if behaviour.is_asynchronous else "succeeded", after)


def _run(sql: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    """One statement, one commit. A row that exists already means: not the usual case."""
    try:
        # Inside a caller's transaction a savepoint keeps that one usable; outside, the statement is its own transaction.
        with transaction.atomic(using="bank") if db.in_transaction("bank") else nullcontext():
            done = db.rows(sql, params, using="bank")
    except IntegrityError:
        return []
    if done:
        wake.on_commit(DELIVER, using="bank")
    return done


def _event(
    type_name: str,
    account: str,
    reference: UUID,
    hold: UUID,
    transaction_id: UUID,
    amount: int,
    currency: str,
    now: datetime,
) -> dict[str, Any]:
    behaviour = behaviour_of(account)
    delay = behaviour.delays.get(type_name, behaviour.delays.get(EVERY, 0))
    told = {
        "payment": str(reference),
        "hold": str(hold),
        "transaction": str(transaction_id),
        "amount": amount,
        "currency": currency,
        "reason": None,
    }
    return {
        "event": new_id(),
        "type": type_name,
        "data": msgspec.json.encode(told).decode(),
        "now": now,
        "due_at": now + timedelta(seconds=delay),
        "copies": 0 if type_name in behaviour.silent else behaviour.copies,
    }
