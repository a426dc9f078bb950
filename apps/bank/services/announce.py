from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from apps.platform import clock, db, wake

from ..data import EVERY, behaviour_of
from ..models import Delivery, Event, Hold

DELIVER = "bank.deliver_webhooks"


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
    seq = db.rows("UPDATE bank_eventcounter SET last = last + 1 WHERE id = 1 RETURNING last", using="bank")[0]["last"]
    event = Event.objects.create(seq=seq, type=type_name, data=data, at=now)
    if type_name in behaviour.silent:
        return
    due_at = now + timedelta(seconds=behaviour.delays.get(type_name, behaviour.delays.get(EVERY, 0)))
    Delivery.objects.bulk_create(Delivery(event=event, copy=copy, due_at=due_at) for copy in range(behaviour.copies))
    wake.on_commit(DELIVER, using="bank")
