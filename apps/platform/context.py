"""What travels along with a piece of work: the request id and the trace parent. Kept in context variables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_traceparent: ContextVar[str] = ContextVar("traceparent", default="")


def request_id() -> str:
    """The id of the request that caused the current work, or an empty string."""
    return _request_id.get()


def traceparent() -> str:
    """The W3C trace parent of the current work, or an empty string."""
    return _traceparent.get()


@contextmanager
def bound(*, request_id: str, traceparent: str = "") -> Iterator[None]:
    """Carry these values inside the block."""
    tokens = (_request_id.set(request_id), _traceparent.set(traceparent))
    try:
        yield
    finally:
        _request_id.reset(tokens[0])
        _traceparent.reset(tokens[1])
