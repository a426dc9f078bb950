from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.faulty import FaultyStack


@pytest.fixture(scope="session")
def shared_faulty() -> Iterator[FaultyStack]:
    with FaultyStack() as running:
        yield running


@pytest.fixture
def faulty(shared_faulty: FaultyStack) -> Iterator[FaultyStack]:
    """The product between proxies, whole again before and after each test."""
    shared_faulty.heal()
    yield shared_faulty
    shared_faulty.heal()
