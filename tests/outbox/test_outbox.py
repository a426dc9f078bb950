from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from apps.outbox import interface as outbox
from apps.outbox.models import Delivery, JobSlot, StoredEvent
from apps.platform import clock, context

from .events import LampLit, counted, watchers

pytestmark = pytest.mark.django_db(transaction=True)


def light(*numbers: int, mood: str = "calm") -> None:
    with transaction.atomic():
        outbox.publish(*(LampLit(number=number, mood=mood) for number in numbers))


def test_a_fact_without_a_transaction_is_refused():
    with pytest.raises(outbox.NoTransaction):
        outbox.publish(LampLit(number=1))
    assert not StoredEvent.objects.exists()


def test_a_fact_disappears_with_its_change():
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012  the block is the transaction
        outbox.publish(LampLit(number=1))
        1 / 0  # noqa: B018
    assert not StoredEvent.objects.exists()


def test_each_fact_has_its_effect_once():
    light(*range(1, 121))
    first = outbox.drain()
    assert (first.fanned_out, first.done, first.failed) == (120, 120, 0)
    assert outbox.drain().done == 0
    assert counted() == sum(range(1, 121))


def test_a_poisoned_fact_ends_alone_and_the_others_go_on():
    light(*range(1, 31))
    light(1000, mood="poison")
    light(*range(31, 41))
    outbox.drain()
    assert counted() == sum(range(1, 41))
    left = Delivery.objects.get(done_at=None)
    assert (left.last_error, left.dead_at) == ("RuntimeError", None)


def test_a_fact_that_always_fails_is_dead_after_twenty_attempts_and_can_be_revived():
    light(5, mood="poison")
    outbox.drain()
    Delivery.objects.update(attempts=19, due_at=clock.now())
    outbox.drain()
    assert Delivery.objects.get().dead_at is not None
    assert outbox.retry_dead(subscription="test.count_lamps") == 1
    assert Delivery.objects.get().dead_at is None


def test_an_attempt_is_counted_before_the_work():
    """A handler that kills its process leaves a counted attempt and a lease behind: here, the row is left as it was then."""
    light(7)
    outbox.drain(seconds=0.0)
    light(7)
    outbox.drain()
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


def test_a_fact_whose_handler_always_kills_its_process_is_dead_after_twenty_attempts():
    """Nobody records the failure of a process that is gone: the attempt that would be the next one finds it."""
    light(7)
    outbox.drain()
    Delivery.objects.update(done_at=None, attempts=20, due_at=clock.now())
    counted_before = counted()
    drained = outbox.drain()
    left = Delivery.objects.get(done_at=None)
    assert (left.last_error, left.attempts, left.dead_at is not None) == ("NeverCameBack", 20, True)
    assert (drained.done, drained.failed, counted()) == (0, 1, counted_before)


def test_eight_relays_at_once_apply_each_fact_once():
    light(*[1] * 400)
    barrier = threading.Barrier(8)

    def relay() -> None:
        barrier.wait()
        try:
            outbox.drain()
        finally:
            connection.close()

    threads = [threading.Thread(target=relay) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outbox.drain()
    assert counted() == 400


@pytest.fixture
def watch() -> Iterator[Callable[[Callable[[Sequence[LampLit]], None]], None]]:
    yield watchers.append
    watchers.clear()


def test_what_a_neighbour_held_at_the_claim_is_handled_without_waiting_for_its_lease(watch):
    """The batch fails whole. While one fact is handled alone, a neighbour takes the row of another, and lets go of it while the
    rest is handled without it."""
    light(1, 2, 3)
    taken, let_go, gone = threading.Event(), threading.Event(), threading.Event()
    seen: list[set[int]] = []

    def hold(number: int) -> None:
        try:
            with transaction.atomic():
                event = StoredEvent.objects.get(payload__number=number)
                Delivery.objects.select_for_update(no_key=True).get(event_id=event.id)
                taken.set()
                let_go.wait(10)
            gone.set()
        finally:
            connection.close()

    def meddle(facts: Sequence[LampLit]) -> None:
        numbers = {fact.number for fact in facts}
        seen.append(numbers)
        if len(seen) == 1:
            raise RuntimeError("not all at once")
        if len(seen) == 2:
            threading.Thread(target=hold, args=[min({1, 2, 3} - numbers)]).start()
            assert taken.wait(10)
        if len(seen) == 3:
            let_go.set()
            assert gone.wait(10)

    watch(meddle)
    outbox.drain()
    assert [len(numbers) for numbers in seen] == [3, 1, 1, 1]
    assert counted() == 6
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


def test_the_database_refuses_a_second_delivery_of_one_fact():
    light(1)
    outbox.drain()
    delivery = Delivery.objects.get()
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_delivery (event_id, subscription, attempts, due_at, last_error) VALUES (%s, %s, 0, now(), '')",
            [delivery.event_id, delivery.subscription],
        )


def test_facts_of_tomorrow_wait_for_newer_workers():
    light(3)
    StoredEvent.objects.update(type="test.not_yet_known")
    outbox.drain()
    assert not StoredEvent.objects.get().is_fanned_out


def test_the_request_id_travels_with_the_fact():
    with context.bound(request_id="req-12345678"):
        light(1)
    assert StoredEvent.objects.get().request_id == "req-12345678"


def test_one_of_many_schedulers_fires_in_a_slot():
    century = 100 * 366 * 86400
    barrier, fired = threading.Barrier(8), []

    def schedule() -> None:
        try:
            connection.ensure_connection()
            barrier.wait(10)
            fired.append(outbox.claim_slot(job="sweep", seconds=century))
        finally:
            connection.close()

    threads = [threading.Thread(target=schedule) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(fired) == [False] * 7 + [True]
    JobSlot.objects.update(slot=F("slot") - 1)
    assert outbox.claim_slot(job="sweep", seconds=century)


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_clock_that_is_wrong_takes_no_slot_of_others_and_puts_nothing_off(hours: int):
    wrong = clock.FrozenClock(datetime.now(UTC) + timedelta(hours=hours))
    with clock.use(wrong):
        outbox.claim_slot(job="sweep", seconds=1)
        light(5, mood="poison")
        outbox.drain()
    JobSlot.objects.filter(job="sweep").update(slot=F("slot") - 1)
    assert outbox.claim_slot(job="sweep", seconds=1)
    wait = Delivery.objects.get().due_at - datetime.now(UTC)
    assert timedelta(seconds=-60) < wait < timedelta(seconds=60)


def test_what_everyone_has_heard_is_forgotten_after_a_month_and_nothing_else():
    light(1, 2, 3)
    outbox.drain()
    light(4, mood="poison")
    outbox.drain()
    light(5)
    assert outbox.forget_done() == 0, "they are young"
    month_later = clock.FrozenClock(clock.now() + timedelta(days=31))
    with clock.use(month_later):
        assert outbox.forget_done() == 3
        assert outbox.forget_done() == 0
    assert sorted(StoredEvent.objects.values_list("payload__number", flat=True)) == [4, 5]
    assert Delivery.objects.filter(done_at=None).count() == 1
    outbox.drain()
    assert counted() == 1 + 2 + 3 + 5
