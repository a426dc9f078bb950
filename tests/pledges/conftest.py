import pytest

from apps.campaigns import interface as campaigns
from apps.platform.actors import Actor

from .support import open_campaign


@pytest.fixture
def campaign(alice: Actor) -> campaigns.Campaign:
    """Alice's campaign, open: 10 to 50,000 taka."""
    return open_campaign(alice)
