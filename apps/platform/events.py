"""Facts that contexts announce: typed, versioned, past tense. A subscription is a Django signal receiver with a name.

Publishing is the outbox's work (`apps.outbox.interface.publish`); here is only what a fact is and who wants it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import msgspec
from django.dispatch import Signal

MONEY, BULK = "money", "bulk"
"""Lanes: facts that move money or what everyone looks at, and work that may be minutes behind them."""
_types: dict[str, type[Event]] = {}
_subscriptions: dict[str, Subscription] = {}
Handler = Callable[[Sequence[Any]], None]
HandlerT = TypeVar("HandlerT", bound=Handler)


class UnknownEvent(LookupError):
    """A fact of a type or of a newer version than this process knows; a newer worker will take it."""


class Event:
    """Base of all facts. Subclasses are frozen keyword-only data classes with ids and plain values, no personal data."""

    type: ClassVar[str]
    version: ClassVar[int] = 1
    signal: ClassVar[Signal]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "type" not in cls.__dict__:
            return
        known = _types.get(cls.type)
        if known is not None and known.__qualname__ != cls.__qualname__:
            raise TypeError(f"{cls.type} is already the type of {known.__qualname__}")
        cls.signal = Signal()
        _types[cls.type] = cls


@dataclass(frozen=True)
class Subscription:
    """Who wants to know: a stable name, the types, the most events of one call, the receiver, and the lane it waits in."""

    name: str
    types: tuple[str, ...]
    batch: int
    handler: Handler
    lane: str = MONEY


def subscribe(
    name: str, *event_types: type[Event], batch: int = 500, lane: str = MONEY
) -> Callable[[HandlerT], HandlerT]:
    """Register `handler(events)` under `name`. It gets batches of up to `batch` facts, inside a transaction, each fact's
    effect exactly once; the order of facts is promised to nobody. The name is stored: renaming it loses what is due.
    What waits in the lane BULK is handled by workers of its own and never stands before money."""

    def register(handler: HandlerT) -> HandlerT:
        if name in _subscriptions and _subscriptions[name].handler.__qualname__ != handler.__qualname__:
            raise ValueError(f"the subscription {name!r} exists already")
        _subscriptions[name] = Subscription(name, tuple(event.type for event in event_types), batch, handler, lane)
        for event in event_types:
            event.signal.connect(_receiver(name, handler), dispatch_uid=name, weak=False)
        return handler

    return register


def _receiver(name: str, handler: Handler) -> Callable[..., None]:
    def receive(sender: Any, *, subscription: str, events: Sequence[Event], **kwargs: Any) -> None:
        if subscription == name:
            handler(events)

    return receive


def subscriptions() -> dict[str, Subscription]:
    """All subscriptions of this process by name."""
    return dict(_subscriptions)


def event_types() -> dict[str, type[Event]]:
    """Every kind of fact of this process by its type."""
    return dict(_types)


def known_types() -> list[str]:
    """The types of fact that this process understands."""
    return list(_types)


def deliver(subscription: str, events: Sequence[Event]) -> None:
    """Send a batch to one subscription through its signal; what the handler raises, this raises."""
    type(events[0]).signal.send(sender=type(events[0]), subscription=subscription, events=events)


def encode(event: Event) -> bytes:
    """The fact's payload as JSON."""
    return msgspec.json.encode(event)


def decode(type_name: str, version: int, payload: Any) -> Event:
    """The fact from its stored payload (a decoded JSON object). Raises UnknownEvent for types and versions of tomorrow."""
    event_type = _types.get(type_name)
    if event_type is None or version > event_type.version:
        raise UnknownEvent(f"{type_name} version {version}")
    return msgspec.convert(payload, event_type, strict=False)
