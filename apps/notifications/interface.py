"""Who is told what: for now the public feed that the live pages follow."""

from .data import BEGINNING, PLATFORM, Entry, Position, campaign_topic
from .errors import UnknownPosition
from .gateway import channel
from .queries import latest_position, position_of, read_feed
from .services.forget import forget_old_entries

__all__ = [
    "BEGINNING",
    "PLATFORM",
    "Entry",
    "Position",
    "UnknownPosition",
    "campaign_topic",
    "channel",
    "forget_old_entries",
    "latest_position",
    "position_of",
    "read_feed",
]
