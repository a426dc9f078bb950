"""Who is told what: the public feed that the live pages follow, and each person's inbox."""

from .data import (
    ALWAYS_MAILED,
    BEGINNING,
    KINDS,
    PLATFORM,
    Entry,
    InboxEntry,
    InboxPage,
    Kind,
    KindPreference,
    Position,
    Preferences,
    campaign_topic,
)
from .errors import UnknownPosition
from .gateway import channel, inbox_channel, poked_inboxes
from .queries.feed import latest_position, position_of, read_feed
from .queries.inbox import inbox_seq_of, latest_inbox_seq, list_inbox, read_inbox, unread_count
from .queries.preferences import get_preferences
from .services.forget import forget_old_entries
from .services.forget_inbox import forget_old_inbox_entries
from .services.mark_read import mark_read
from .services.set_preferences import set_preferences

__all__ = [
    "ALWAYS_MAILED",
    "BEGINNING",
    "KINDS",
    "PLATFORM",
    "Entry",
    "InboxEntry",
    "InboxPage",
    "Kind",
    "KindPreference",
    "Position",
    "Preferences",
    "UnknownPosition",
    "campaign_topic",
    "channel",
    "forget_old_entries",
    "forget_old_inbox_entries",
    "get_preferences",
    "inbox_channel",
    "inbox_seq_of",
    "latest_inbox_seq",
    "latest_position",
    "list_inbox",
    "mark_read",
    "poked_inboxes",
    "position_of",
    "read_feed",
    "read_inbox",
    "set_preferences",
    "unread_count",
]
