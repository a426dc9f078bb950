import pytest

from apps.campaigns import interface as campaigns
from apps.platform.actors import Actor

from .support import open_campaign


@pytest.fixture
def campaign(alice: Actor) -> campaigns.Campaign:
    """Alice's campaign, open: 10 to 50,000 taka."""
    return open_campaign(alice)


@pytest.fixture
def free_campaign(alice: Actor) -> campaigns.Campaign:
    """Another of Alice's campaigns, open as well."""
    return open_campaign(alice, title="Boats for the haor")
