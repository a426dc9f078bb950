from __future__ import annotations

from apps.platform import clock, context, db, wake
from apps.platform.events import Event, encode
from apps.platform.ids import new_id

from ..errors import NoTransaction

RELAY = "outbox.relay"


def publish(*events: Event) -> None:
    """Write the facts in the open transaction, in one statement, and wake the relay when it has committed.

    Raises NoTransaction when there is none.
    """
    if not db.in_transaction():
        raise NoTransaction("publish() belongs inside the transaction of the change")
    if not events:
        return
    db.execute(
        """INSERT INTO outbox_event (id, type, version, payload, occurred_at, request_id, traceparent, is_fanned_out)
           SELECT fact.*, %s, %s, %s, false
           FROM unnest(%s::uuid[], %s::text[], %s::smallint[], %s::jsonb[]) AS fact""",
        [
            clock.now(),
            context.request_id(),
            context.traceparent(),
            [new_id() for _ in events],
            [event.type for event in events],
            [event.version for event in events],
            [encode(event).decode() for event in events],
        ],
    )
    wake.on_commit(RELAY)
