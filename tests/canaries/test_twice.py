"""What a second worker meets that comes for the work of the first."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from apps.outbox import interface as outbox
from apps.platform import db
from tests.outbox.events import LampLit, counted

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_delivery_whose_lease_ran_out_is_still_handled_once() -> None:
    """Six relays take the same deliveries at once, because every lease is over at once: the claim's lock decides."""
    with transaction.atomic():
        outbox.publish(*(LampLit(number=1) for _ in range(60)))
    db.execute(
        "CREATE FUNCTION lease_is_over() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.due_at := now(); RETURN NEW; END'"
    )
    db.execute(
        "CREATE TRIGGER lease_is_over BEFORE UPDATE ON outbox_delivery FOR EACH ROW EXECUTE FUNCTION lease_is_over()"
    )
    barrier = threading.Barrier(6)

    def relay(_: int) -> None:
        try:
            barrier.wait(20)
            outbox.drain(seconds=3)
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(6) as relays:
            list(relays.map(relay, range(6)))
        outbox.drain(seconds=3)
    finally:
        db.execute("DROP TRIGGER lease_is_over ON outbox_delivery")
        db.execute("DROP FUNCTION lease_is_over()")
    assert counted() == 60
