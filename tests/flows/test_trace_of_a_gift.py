"""One gift is one trace, across all processes: its id is the gift's, its spans are the stations of docs/flow.md."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from websockets.sync.client import connect

from tests.support.otlp import Span
from tests.support.stack import Stack

# station -> the station or fact it hangs on; "gift" is the root
STATIONS = {
    ("careforall-web", "gift"): None,
    ("careforall-worker", "payments.authorize"): "gift",
    ("careforall-worker", "payments.capture"): "gift",
    ("careforall-bank", "POST api/v1/bank/authorizations"): "payments.authorize",
    ("careforall-worker", "payments.settle"): "gift",
    ("careforall-worker", "pledges.follow_payments"): "payments.settle",
    ("careforall-worker", "pledges.raise_totals"): "pledges.follow_payments",
    ("careforall-worker", "notifications.post_feed"): "pledges.follow_payments",
    ("careforall-live", "live.frames"): "gift",
}


def _named(spans: list[Span], service: str, name: str) -> list[Span]:
    return [span for span in spans if span.service == service and span.name.replace("<", "").startswith(name)]


def test_one_gift_is_one_trace(stack: Stack) -> None:
    assert stack.traces
    campaign = stack.open_campaign("Followed by its trace")
    with connect(f"ws://127.0.0.1:{stack.port}/ws/notifications/", origin=stack.url) as socket:
        socket.recv()
        socket.send(json.dumps({"type": "subscribe", "topics": [f"campaign:{campaign['id']}"]}))
        gift = stack.give(campaign["id"])
        while json.loads(socket.recv(timeout=60))["type"] != "pledge.captured":
            pass
    trace_id = UUID(gift["id"]).hex

    def missing() -> list[tuple[str, str]]:
        spans = stack.traces.of_trace(trace_id) if stack.traces else []
        names = {span.span_id: span.name for span in spans}
        return [
            (service, name)
            for (service, name), parent in STATIONS.items()
            if not any(
                (names.get(span.parent_id) == parent if parent else not span.parent_id)
                for span in _named(spans, service, name)
            )
        ]

    try:
        stack.wait_for(lambda: not missing(), 30)
    except AssertionError:
        seen = sorted({(span.service, span.name) for span in stack.traces.of_trace(trace_id)})
        pytest.fail(f"missing {missing()}, seen {seen}")
    spans = stack.traces.of_trace(trace_id)
    root = next(span for span in spans if span.name == "gift")
    assert root.span_id == trace_id[16:]
    assert root.links, "the request's own trace is linked"
    assert any(span.service == "careforall-web" for span in stack.traces.of_trace(root.links[0]))
    assert "gita" not in repr(spans).lower(), "no personal data in traces"
