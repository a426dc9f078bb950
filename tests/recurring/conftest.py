from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from apps.campaigns import interface as campaigns
from apps.platform import clock
from apps.platform.actors import Actor
from tests.pledges.support import open_campaign

from .support import Calendar


@pytest.fixture
def calendar() -> Iterator[Calendar]:
    """The 31st of January 2027, noon; it moves when told to."""
    held = Calendar(datetime(2027, 1, 31, 12, tzinfo=UTC))
    with clock.use(held):
        yield held


@pytest.fixture
def campaign(calendar: Calendar, alice: Actor) -> campaigns.Campaign:
    return open_campaign(alice)
