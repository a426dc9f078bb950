"""Group commit: who comes together is done together, and nobody hangs whatever happens to the worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from apps.platform.batching import Batcher, BatchFailed, Full, OutcomeUnknown


class Gate:
    """A worker that doubles numbers, and stops at the first batch until it is let go."""

    def __init__(self, then: Callable[[Sequence[int]], None] = lambda items: None) -> None:
        self.begun, self.go, self.batches, self.then = Event(), Event(), list[list[int]](), then

    def __call__(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        if len(self.batches) == 1:
            self.begun.set()
            assert self.go.wait(10)
        self.then(items)
        return [each * 2 for each in items]


def submit(pool: ThreadPoolExecutor, batcher: Batcher[int, int], *items: int) -> list[Future[int]]:
    return [pool.submit(batcher.submit, each) for each in items]


def wait_for_room_taken(batcher: Batcher[int, int], number: int) -> None:
    pause = Event()
    for _ in range(1000):
        if len(batcher._waiting) == number:
            return
        pause.wait(0.01)
    raise AssertionError("they never queued")


def test_who_comes_during_a_batch_shares_the_next() -> None:
    gate = Gate()
    batcher = Batcher(gate, name="test", most=3)
    with ThreadPoolExecutor(8) as pool:
        first = submit(pool, batcher, 1)
        gate.begun.wait(10)
        rest = submit(pool, batcher, 2, 3, 4, 5)
        wait_for_room_taken(batcher, 4)
        gate.go.set()
        assert sorted(each.result(10) for each in first + rest) == [2, 4, 6, 8, 10]
    assert [len(batch) for batch in gate.batches] == [1, 3, 1]


def test_a_failed_batch_fails_for_each_with_its_cause() -> None:
    def fail(items: Sequence[int]) -> list[int]:
        raise ValueError("bad row")

    with pytest.raises(BatchFailed) as failed:
        Batcher(fail, name="test").submit(1)
    assert isinstance(failed.value.__cause__, ValueError)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_worker_that_dies_leaves_nobody_hanging_and_is_replaced() -> None:
    def die(items: Sequence[int]) -> None:
        if items == [1]:
            raise SystemExit

    gate = Gate(die)
    batcher = Batcher(gate, name="test")
    with ThreadPoolExecutor(4) as pool:
        taken = submit(pool, batcher, 1)
        gate.begun.wait(10)
        waiting = submit(pool, batcher, 2, 3)
        wait_for_room_taken(batcher, 2)
        gate.go.set()
        with pytest.raises(OutcomeUnknown):
            taken[0].result(10)
        assert [each.result(10) for each in waiting] == [4, 6]
    assert batcher.submit(4) == 8


def test_what_does_not_fit_is_refused_at_once() -> None:
    gate = Gate()
    batcher = Batcher(gate, name="test", room=2)
    with ThreadPoolExecutor(4) as pool:
        begun = submit(pool, batcher, 1)
        gate.begun.wait(10)
        waiting = submit(pool, batcher, 2)
        wait_for_room_taken(batcher, 1)
        with pytest.raises(Full):
            batcher.submit(3)
        gate.go.set()
        assert [each.result(10) for each in begun + waiting] == [2, 4]
    assert batcher.submit(4) == 8


def test_patience_ends_as_refused_before_and_as_unknown_after_the_beginning() -> None:
    gate = Gate()
    batcher = Batcher(gate, name="test", patience=0.05)
    with ThreadPoolExecutor(4) as pool:
        begun = submit(pool, batcher, 1)
        gate.begun.wait(10)
        with pytest.raises(Full):
            batcher.submit(2)
        with pytest.raises(OutcomeUnknown):
            begun[0].result(10)
        gate.go.set()
    assert gate.batches == [[1]]
