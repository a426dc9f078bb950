from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec

from apps.platform import clock, db, wake
from apps.platform.ids import new_id

from ..data import EVERY, behaviour_of
from ..models import Hold

DELIVER = "bank.deliver_webhooks"

# One statement, so that the counter's lock, which every writer of the bank waits for, is held for one round trip and
# the commit. The upsert makes the counter's row where a restore or a truncation lost it.
_ANNOUNCE = """
    WITH numbered AS (
        INSERT INTO bank_eventcounter (id, last) SELECT 1, coalesce(max(seq), 0) + 1 FROM bank_event
        ON CONFLICT (id) DO UPDATE SET last = bank_eventcounter.last + 1 RETURNING last
    ), event AS (
        INSERT INTO bank_event (seq, id, type, data, at)
        SELECT last, %(id)s, %(type)s, %(data)s::jsonb, %(at)s FROM numbered RETURNING seq
    )
    INSERT INTO bank_delivery (event_id, copy, attempts, due_at)
    SELECT event.seq, copy, 0, %(due_at)s FROM event, generate_series(1, %(copies)s) AS copy
"""


def announce(hold: Hold, type_name: str, transaction: UUID, amount: int, reason: str = "") -> None:
    """Write the event with the next number and its webhooks, in the open transaction of the bank's database.

    Takes the counter's lock: call it last.
    """
    behaviour, now = behaviour_of(hold.account_id), clock.now()
    data = {
        "payment": str(hold.reference),
        "hold": str(hold.pk),
        "transaction": str(transaction),
        "amount": amount,
        "currency": hold.currency,
        "reason": reason or None,
    }
    delay = behaviour.delays.get(type_name, behaviour.delays.get(EVERY, 0))
    params = {
        "id": new_id(),
        "type": type_name,
        "data": msgspec.json.encode(data).decode(),
        "at": now,
        "due_at": now + timedelta(seconds=delay),
        "copies": 0 if type_name in behaviour.silent else behaviour.copies,
    }
    db.execute(_ANNOUNCE, params, using="bank")
    wake.on_commit(DELIVER, using="bank")
