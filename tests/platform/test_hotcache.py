from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.platform.errors import NotFound
from apps.platform.hotcache import HotCache


class Source:
    """A loader that counts, and that can be told to wait or to fail."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.loads = 0

    def __call__(self) -> object:
        self.loads += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def herd(number: int, ask) -> list[object]:
    barrier = threading.Barrier(number)

    def one(_: int) -> object:
        barrier.wait()
        return ask()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_a_fresh_value_is_not_loaded_again():
    cache, source = HotCache(seconds=60), Source("one", "two")
    assert [cache.get("k", source) for _ in range(3)] == ["one"] * 3
    assert source.loads == 1


def test_fifty_callers_on_a_cold_key_cost_one_load():
    cache, source = HotCache(seconds=60), Source("value")
    assert herd(50, lambda: cache.get("k", source)) == ["value"] * 50
    assert source.loads == 1


def test_without_the_cache_the_same_herd_loads_fifty_times():
    source = Source("value")
    herd(50, source)
    assert source.loads == 50


def test_a_failed_load_is_tried_again_by_the_next():
    cache, source = HotCache(seconds=60), Source(OSError("away"), "value")
    with pytest.raises(OSError, match="away"):
        cache.get("k", source)
    assert cache.get("k", source) == "value"


def test_a_stale_value_is_served_while_loading_fails():
    cache, source = HotCache(seconds=0, grace=60), Source("old", OSError("away"), "new")
    assert [cache.get("k", source) for _ in range(3)] == ["old", "old", "new"]


def test_grace_ends():
    cache, source = HotCache(seconds=0, grace=-1), Source("old", OSError("away"))
    cache.get("k", source)
    with pytest.raises(OSError, match="away"):
        cache.get("k", source)


def test_a_refusal_is_an_answer_and_ends_the_stale_value():
    cache, source = HotCache(seconds=0, grace=60), Source("old", NotFound(), OSError("away"))
    cache.get("k", source)
    for error in (NotFound, OSError):
        with pytest.raises(error):
            cache.get("k", source)


def test_forgetting_loads_anew():
    cache, source = HotCache(seconds=60), Source("old", "new", "newer")
    assert cache.get("k", source) == "old"
    cache.forget("k")
    assert cache.get("k", source) == "new"
    cache.clear()
    assert cache.get("k", source) == "newer"


def test_a_load_that_began_before_the_change_is_not_kept():
    cache = HotCache(seconds=60)

    def overtaken() -> str:
        cache.forget("k")
        return "old"

    assert cache.get("k", overtaken) == "old"
    assert cache.get("k", lambda: "new") == "new"


def test_others_are_served_the_stale_value_while_one_loads():
    cache = HotCache(seconds=60)
    cache.get("k", lambda: "old")
    cache._entries["k"].fresh_until -= 61
    started, may_end = threading.Event(), threading.Event()

    def load() -> str:
        started.set()
        may_end.wait(10)
        return "new"

    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(cache.get, "k", load)
        assert started.wait(10)
        assert cache.get("k", load) == "old"
        may_end.set()
        assert loading.result() == "new"
    assert cache.get("k", load) == "new"


def test_what_nobody_read_for_long_is_not_served_stale():
    cache = HotCache(seconds=60)
    cache.get("k", lambda: "hours old")
    cache._entries["k"].fresh_until -= 3600
    release = threading.Event()

    def load() -> str:
        release.wait(10)
        return "new"

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(cache.get, "k", load) for _ in range(2)]
        release.set()
        assert [each.result() for each in both] == ["new", "new"]


def test_it_stays_within_its_size_and_keeps_nothing_of_unknown_keys():
    cache, missing = HotCache(seconds=60, size=3), Source(NotFound())
    for number in range(10):
        cache.get(f"known-{number}", lambda: "value")
        with pytest.raises(NotFound):
            cache.get(f"unknown-{number}", missing)
    assert list(cache._entries) == ["known-7", "known-8", "known-9"]
    assert cache._turns == {}
