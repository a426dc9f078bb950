"""The door to the providers: the protocol, the adapters, and which of them there are."""

from .protocol import (
    Answer,
    ApprovalAnswer,
    EventPage,
    HoldView,
    Movement,
    Outcome,
    Provider,
    ProviderEvent,
    ProviderUnavailable,
    Statement,
)
from .registry import names, provider

__all__ = [
    "Answer",
    "ApprovalAnswer",
    "EventPage",
    "HoldView",
    "Movement",
    "Outcome",
    "Provider",
    "ProviderEvent",
    "ProviderUnavailable",
    "Statement",
    "names",
    "provider",
]
