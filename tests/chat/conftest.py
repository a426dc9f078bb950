import pytest

from apps.campaigns import interface as campaigns
from apps.platform.actors import Actor
from tests.pledges.support import open_campaign


@pytest.fixture
def campaign(alice: Actor) -> campaigns.Campaign:
    return open_campaign(alice)
