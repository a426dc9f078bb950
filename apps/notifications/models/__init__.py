from .feed import FeedCounter, FeedEntry
from .inbox import Inbox, InboxEntry, Preference, Recipient
from .letter import Bounce, Letter, QuietGift
from .mailing import Mailing
from .webhook import Endpoint, WebhookDelivery

__all__ = [
    "Bounce",
    "Endpoint",
    "FeedCounter",
    "FeedEntry",
    "Inbox",
    "InboxEntry",
    "Letter",
    "Mailing",
    "Preference",
    "QuietGift",
    "Recipient",
    "WebhookDelivery",
]
