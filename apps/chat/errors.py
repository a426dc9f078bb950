from apps.platform.errors import Forbidden, Invalid, Kind, NotFound, NotSignedIn, Refused, TooManyRequests

__all__ = ["Forbidden", "Invalid", "NotFound", "NotSignedIn"]


class RoomNotFound(NotFound):
    """No such room, or none for this visitor: the two look alike."""

    code = "unknown-room"
    title = "There is no such room."


class MessageNotFound(NotFound):
    code = "unknown-message"
    title = "There is no such message in this room."


class TextEmpty(Refused):
    code = "text-empty"
    kind = Kind.INVALID
    title = "Write something first."


class TextTooLong(Refused):
    code = "text-too-long"
    kind = Kind.INVALID
    title = "A message has at most 2,000 characters."


class TextUnusable(Refused):
    code = "text-unusable"
    kind = Kind.INVALID
    title = "The message has characters that cannot be shown."


class TextRefused(Refused):
    code = "text-refused"
    kind = Kind.UNPROCESSABLE
    title = "The message has a word that this room does not take."


class ClientIdUnusable(Refused):
    code = "invalid-client-id"
    kind = Kind.INVALID
    title = "A client_id has 1 to 64 characters without control characters."


class TooManyMessages(TooManyRequests):
    code = "too-many-messages"
    title = "You write too fast. Wait a moment."


class SlowMode(TooManyRequests):
    code = "slow-mode"
    title = "This room is in slow mode."


class Muted(Refused):
    code = "muted"
    kind = Kind.FORBIDDEN
    title = "The campaign's team has muted you in this room."


class Banned(Refused):
    code = "banned"
    kind = Kind.FORBIDDEN
    title = "The campaign's team has closed this room to you."


class TooLateToEdit(Refused):
    code = "too-late-to-edit"
    title = "A message can be changed for 15 minutes."


class NotYours(Forbidden):
    code = "not-yours"
    title = "Only who wrote a message changes it."
