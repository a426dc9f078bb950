"""Rooms where people talk: one per campaign, and one per gift between its donor and the campaign's team."""

from .data import (
    CAMPAIGN,
    NOBODY,
    SUPPORT,
    TEXT_MAX,
    Changes,
    Conversation,
    Desk,
    History,
    Message,
    Person,
    Place,
    Presence,
    ReadMark,
    Room,
    Visitor,
)
from .gateway import channel, read_poke
from .queries.conversations import list_conversations
from .queries.desk import read_desk
from .queries.messages import get_message, guests_waiting, own_messages, read_changes, read_history, unread
from .queries.presence import read_presence
from .queries.reported import reported_messages
from .queries.rooms import find_support_room, get_place
from .services.attend import forget_dead_processes, note_attendance, note_typing, stay_alive
from .services.change import edit_message, remove_message
from .services.moderate import ban, close_reports, lift, mute, set_blocked_words, set_pace
from .services.open_rooms import enter, open_support_room, support_key
from .services.post import post_message
from .services.read import mark_read
from .services.report import report_message

__all__ = [
    "CAMPAIGN",
    "NOBODY",
    "SUPPORT",
    "TEXT_MAX",
    "Changes",
    "Conversation",
    "Desk",
    "History",
    "Message",
    "Person",
    "Place",
    "Presence",
    "ReadMark",
    "Room",
    "Visitor",
    "ban",
    "channel",
    "close_reports",
    "edit_message",
    "enter",
    "find_support_room",
    "forget_dead_processes",
    "get_message",
    "get_place",
    "guests_waiting",
    "lift",
    "list_conversations",
    "mark_read",
    "mute",
    "note_attendance",
    "note_typing",
    "open_support_room",
    "own_messages",
    "post_message",
    "read_changes",
    "read_desk",
    "read_history",
    "read_poke",
    "read_presence",
    "remove_message",
    "report_message",
    "reported_messages",
    "set_blocked_words",
    "set_pace",
    "stay_alive",
    "support_key",
    "unread",
]
