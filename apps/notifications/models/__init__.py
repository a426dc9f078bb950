from .feed import FeedCounter, FeedEntry
from .inbox import Inbox, InboxEntry, Preference, Recipient

__all__ = ["FeedCounter", "FeedEntry", "Inbox", "InboxEntry", "Preference", "Recipient"]
