"""One trace per gift. The trace's id is the gift's own id, so whoever handles the gift can add to it without having been
handed anything, batches included. Without tracing it costs a look at a variable.

`careforall.telemetry` calls `use`; until then nothing is traced and OpenTelemetry is not imported here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from uuid import UUID

from .events import Event

if TYPE_CHECKING:
    from opentelemetry.trace import Span, SpanContext, Tracer

_tracer: Tracer | None = None
_here: ContextVar[Mapping[UUID, str] | None] = ContextVar("here", default=None)
forced_ids: ContextVar[tuple[int, int] | None] = ContextVar("forced_ids", default=None)
"""Trace and span id that the next root span gets; read by telemetry's generator of ids."""


def use(tracer: Tracer) -> None:
    """From now on this process traces gifts."""
    global _tracer
    _tracer = tracer


def gift_of(event: Event) -> UUID | None:
    """The gift that a fact is about: a pledge's id, which payments know as an opaque reference."""
    return getattr(event, "pledge_id", None) or getattr(event, "reference", None)


def begin(gift: UUID, *, caused_by: str = "", request_id: str = "") -> None:
    """Write the root span of a new gift, linked to the request's span that `caused_by` (a trace parent) names."""
    if _tracer is None:
        return
    from opentelemetry.context import Context
    from opentelemetry.trace import Link

    token = forced_ids.set((gift.int, gift.int & (2**64 - 1)))
    try:
        links = [Link(_span_context(caused_by))] if caused_by else []
        _tracer.start_span("gift", context=Context(), links=links, attributes={"request_id": request_id}).end()
    finally:
        forced_ids.reset(token)


@contextmanager
def station(name: str, gifts: Mapping[UUID, str]) -> Iterator[None]:
    """One span for each of the gifts (gift to trace parent, or an empty string for the gift's root) around the block.

    What is published inside has the gift's span as its parent. An error is named by its class only: messages may quote people.
    """
    if _tracer is None or not gifts:
        yield
        return
    spans = {gift: _start(_tracer, name, parent or root(gift)) for gift, parent in gifts.items()}
    token = _here.set({gift: _traceparent(span) for gift, span in spans.items()})
    try:
        yield
    except BaseException as error:
        from opentelemetry.trace import StatusCode

        for span in spans.values():
            span.set_status(StatusCode.ERROR, type(error).__name__)
        raise
    finally:
        _here.reset(token)
        for span in spans.values():
            span.end()


def parent_of(event: Event) -> str:
    """The trace parent to keep with a fact about a gift: the station it is at, or its root. Empty for other facts."""
    gift = gift_of(event) if _tracer else None
    return (_here.get() or {}).get(gift) or root(gift) if gift else ""


def outgoing() -> str:
    """The trace parent for a call that leaves this process on behalf of one gift; empty where nothing is traced."""
    return next(iter((_here.get() or {}).values()), "")


def current_traceparent() -> str:
    """The trace parent of the request span that is open in this process, or an empty string."""
    if _tracer is None:
        return ""
    from opentelemetry.trace import get_current_span

    span = get_current_span()
    return _traceparent(span) if span.get_span_context().is_valid else ""


def root(gift: UUID) -> str:
    """The trace parent that names a gift's root span."""
    return f"00-{gift.hex}-{gift.hex[16:]}-01"


def _start(tracer: Tracer, name: str, parent: str) -> Span:
    from opentelemetry.trace import NonRecordingSpan, set_span_in_context

    return tracer.start_span(name, context=set_span_in_context(NonRecordingSpan(_span_context(parent))))


def _span_context(traceparent: str) -> SpanContext:
    from opentelemetry.trace import SpanContext, TraceFlags

    _, trace, span, flags = traceparent.split("-")
    return SpanContext(int(trace, 16), int(span, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16)))


def _traceparent(span: Any) -> str:
    found = span.get_span_context()
    return f"00-{found.trace_id:032x}-{found.span_id:016x}-{int(found.trace_flags):02x}"
