"""Who is told what: the public feed that the live pages follow, each person's inbox, letters, and outgoing webhooks."""

from .data import (
    ALWAYS_MAILED,
    BEGINNING,
    EVENT_TYPES,
    KINDS,
    PLATFORM,
    DeliveryPage,
    Endpoint,
    Entry,
    InboxEntry,
    InboxPage,
    Kind,
    KindPreference,
    LetterStep,
    Position,
    Preferences,
    WebhookDelivery,
    campaign_topic,
)
from .errors import EndpointNotFound, TooManyEndpoints, UnknownPosition
from .gateway.mailbox import SentMail, list_mailbox, read_mailbox
from .gateway.pokes import channel, inbox_channel, poked_inboxes
from .queries.feed import latest_position, position_of, read_feed
from .queries.inbox import inbox_seq_of, latest_inbox_seq, latest_inbox_seqs, list_inbox, read_inbox, unread_count
from .queries.letters import letters_of_gift
from .queries.preferences import get_preferences
from .services.bounces import mark_bounced, unmark_bounced
from .services.forget import forget_old_entries
from .services.forget_inbox import forget_old_inbox_entries
from .services.mark_read import mark_read
from .services.set_preferences import set_preferences
from .services.tell_of_file import tell_of_file
from .services.unsubscribe import unsubscribe
from .services.webhooks.endpoints import (
    create_endpoint,
    delete_endpoint,
    edit_endpoint,
    get_endpoint,
    list_endpoints,
    rotate_secret,
)
from .services.webhooks.log import list_deliveries, ping_endpoint, replay_deliveries

__all__ = [
    "ALWAYS_MAILED",
    "BEGINNING",
    "DeliveryPage",
    "EVENT_TYPES",
    "Endpoint",
    "EndpointNotFound",
    "Entry",
    "InboxEntry",
    "InboxPage",
    "KINDS",
    "Kind",
    "KindPreference",
    "LetterStep",
    "PLATFORM",
    "Position",
    "Preferences",
    "SentMail",
    "TooManyEndpoints",
    "UnknownPosition",
    "WebhookDelivery",
    "campaign_topic",
    "channel",
    "create_endpoint",
    "delete_endpoint",
    "edit_endpoint",
    "forget_old_entries",
    "forget_old_inbox_entries",
    "get_endpoint",
    "get_preferences",
    "inbox_channel",
    "inbox_seq_of",
    "latest_inbox_seq",
    "latest_inbox_seqs",
    "latest_position",
    "letters_of_gift",
    "list_deliveries",
    "list_endpoints",
    "list_inbox",
    "list_mailbox",
    "mark_bounced",
    "mark_read",
    "ping_endpoint",
    "poked_inboxes",
    "position_of",
    "read_feed",
    "read_inbox",
    "read_mailbox",
    "replay_deliveries",
    "rotate_secret",
    "set_preferences",
    "tell_of_file",
    "unmark_bounced",
    "unread_count",
    "unsubscribe",
]
