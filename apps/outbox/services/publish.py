from __future__ import annotations

from collections.abc import Sequence

from apps.platform import clock, context, db, tracing, wake
from apps.platform.events import Event, encode
from apps.platform.ids import new_id

from ..errors import NoTransaction

RELAY = "outbox.relay"


def publish(*events: Event, request_ids: Sequence[str] = (), traceparents: Sequence[str] = ()) -> None:
    """Write the facts in the open transaction, in one statement, and wake the relay when it has committed.

    `request_ids` and `traceparents`, one for each fact, name the requests that caused them; without, the current one
    caused all. A fact about a gift goes into the gift's own trace. Raises NoTransaction when there is no transaction.
    """
    if not db.in_transaction():
        raise NoTransaction("publish() belongs inside the transaction of the change")
    if not events:
        return
    causes = list(traceparents) or [context.traceparent()] * len(events)
    db.execute(
        """INSERT INTO outbox_event (id, type, version, payload, request_id, traceparent, occurred_at, is_fanned_out)
           SELECT fact.*, %s, false
           FROM unnest(%s::uuid[], %s::text[], %s::smallint[], %s::jsonb[], %s::text[], %s::text[]) AS fact""",
        [
            clock.now(),
            [new_id() for _ in events],
            [event.type for event in events],
            [event.version for event in events],
            [encode(event).decode() for event in events],
            list(request_ids) or [context.request_id()] * len(events),
            [tracing.parent_of(event) or given for event, given in zip(events, causes, strict=True)],
        ],
    )
    wake.on_commit(RELAY)
