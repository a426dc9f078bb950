"""What travels along with a piece of work: the request id and the trace parent. Kept in context variables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_traceparent: ContextVar[str] = ContextVar("traceparent", default="")


@dataclass(frozen=True, slots=True)
class Origin:
    """Which request caused a piece of work, for work that is done elsewhere together with that of others."""

    request_id: str = ""
    traceparent: str = ""


def request_id() -> str:
    """The id of the request that caused the current work, or an empty string."""
    return _request_id.get()


def traceparent() -> str:
    """The W3C trace parent of the current work, or an empty string."""
    return _traceparent.get()


def origin() -> Origin:
    """Both, as a value that can be handed to another thread."""
    return Origin(_request_id.get(), _traceparent.get())


@contextmanager
def bound(*, request_id: str, traceparent: str = "") -> Iterator[None]:
    """Carry these values inside the block."""
    tokens = (_request_id.set(request_id), _traceparent.set(traceparent))
    try:
        yield
    finally:
        _request_id.reset(tokens[0])
        _traceparent.reset(tokens[1])
