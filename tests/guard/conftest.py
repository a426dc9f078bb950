from __future__ import annotations

import pytest

from apps.campaigns import interface as campaigns
from apps.guard.services import admit
from apps.guard.services.velocity import Velocity
from apps.platform.actors import Actor
from tests.pledges.support import open_campaign


@pytest.fixture(autouse=True)
def guard_on(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard as production has it, but measured at every look instead of every quarter of a second."""
    settings.GUARD = {"ON": True, "DECLINES": 8, "WORK": 20, "IN_BACKGROUND": False}
    for name in ("PER_ADDRESS", "PER_EMAIL", "PER_PATIENT"):
        monkeypatch.setattr(admit, name, Velocity(getattr(admit, name).most))


@pytest.fixture
def campaign(alice: Actor) -> campaigns.Campaign:
    return open_campaign(alice)


@pytest.fixture
def other_campaign(alice: Actor) -> campaigns.Campaign:
    return open_campaign(alice, title="Lamps")
