"""Runs inside an installation's settings: makes facts and drains them. `python -m bench.facts drain|lag CAMPAIGN ...`"""

from __future__ import annotations

import json
import sys
import time
from uuid import UUID

import django

django.setup()

from django.db import transaction  # noqa: E402

from apps.outbox import interface as outbox  # noqa: E402
from apps.platform import clock, db, events  # noqa: E402
from apps.platform.ids import new_id  # noqa: E402
from apps.pledges.events import PledgeCaptured  # noqa: E402

FOLD = "pledges.raise_totals"
_LAG = """
    SELECT percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM done_at - occurred_at)) AS seconds
    FROM outbox_delivery JOIN outbox_event AS event ON event.id = event_id
    WHERE subscription = %s AND request_id = %s
"""
_ENDED = """
    SELECT count(*) AS number FROM outbox_delivery JOIN outbox_event AS event ON event.id = event_id
    WHERE subscription = %s AND request_id = %s AND done_at IS NOT NULL
"""
_PLAIN = """
    WITH due AS (
        SELECT delivery.id, (payload->>'amount')::bigint AS amount, payload->>'donor_key' AS donor
        FROM outbox_delivery AS delivery JOIN outbox_event AS event ON event.id = delivery.event_id
        WHERE subscription = %s AND done_at IS NULL AND dead_at IS NULL FOR NO KEY UPDATE OF delivery
    ), done AS (UPDATE outbox_delivery SET done_at = statement_timestamp() FROM due WHERE due.id = outbox_delivery.id)
    SELECT sum(amount) AS amount, count(DISTINCT donor) AS donors, count(*) AS number FROM due
"""


def captures(campaign_id: UUID, number: int) -> list[PledgeCaptured]:
    return [
        PledgeCaptured(
            pledge_id=new_id(),
            campaign_id=campaign_id,
            currency="BDT",
            amount=1,
            donor_id=None,
            donor_key=f"bench-{place % 1000}",
            is_anonymous=True,
            occurred_at=clock.now(),
        )
        for place in range(number)
    ]


def publish(campaign_id: UUID, number: int, mark: str) -> None:
    with transaction.atomic():
        facts = captures(campaign_id, number)
        outbox.publish(*facts, request_ids=[mark] * number)


def drain(campaign_id: UUID, number: int) -> dict[str, float]:
    """Only the folding subscription listens, in this process; the rest is marked as if nobody had asked for it."""
    for name in list(events._subscriptions):
        if name != FOLD:
            del events._subscriptions[name]
    for _ in range(number // 2000):
        publish(campaign_id, 2000, "bench-drain")
    db.execute("ANALYZE outbox_event")
    begun = time.monotonic()
    drained = outbox.drain(seconds=120)
    took = time.monotonic() - begun
    assert drained.done >= number, drained
    for _ in range(number // 2000):
        publish(campaign_id, 2000, "bench-plain")
    db.execute(
        """INSERT INTO outbox_delivery (event_id, subscription, attempts, due_at, last_error)
           SELECT id, %s, 0, now(), '' FROM outbox_event WHERE NOT is_fanned_out""",
        [FOLD],
    )
    begun = time.monotonic()
    folded = db.rows(_PLAIN, [FOLD])[0]["number"]
    plain = time.monotonic() - begun
    db.execute("UPDATE outbox_event SET is_fanned_out = true WHERE NOT is_fanned_out")
    return {"per_second": drained.done / took, "plain_sql": folded / plain}


def lag(campaign_id: UUID, rate: int, seconds: int) -> dict[str, float]:
    """Captures at a steady rate, five commits in each fifth of a second, with the workers at work."""
    mark, begun, per_commit = f"bench-{new_id()}"[:64], time.monotonic(), max(1, rate // 50)
    commits = rate * seconds // per_commit
    for number in range(commits):
        time.sleep(max(0.0, begun + number * per_commit / rate - time.monotonic()))
        publish(campaign_id, per_commit, mark)
    until = time.monotonic() + 60
    while db.rows(_ENDED, [FOLD, mark])[0]["number"] < commits * per_commit:
        assert time.monotonic() < until
        time.sleep(0.2)
    median, p99 = db.rows(_LAG, [FOLD, mark])[0]["seconds"]
    return {"median": float(median), "p99": float(p99)}


if __name__ == "__main__":
    name, campaign, *numbers = sys.argv[1:]
    print(json.dumps({"drain": drain, "lag": lag}[name](UUID(campaign), *map(int, numbers))))
