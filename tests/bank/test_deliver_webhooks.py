"""Webhooks over real HTTP: signed, sent until they are taken, the same id each time, nothing sent twice by two workers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import settings
from standardwebhooks import Webhook

from apps.bank import interface as bank
from apps.bank.models import Delivery
from apps.platform import clock

from .support import committing, crowd, held

pytestmark = committing


@dataclass
class Receiver:
    """Answers with `statuses`, one each, then with 202; keeps what it was sent."""

    statuses: list[int] = field(default_factory=list)
    messages: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, headers: dict[str, str], body: bytes) -> int:
        with self.lock:
            self.messages.append((headers, body))
            return self.statuses.pop(0) if self.statuses else 202

    def types(self) -> list[str]:
        return sorted(json.loads(body)["type"] for _, body in self.messages)

    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.messages]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(found.take({key.lower(): value for key, value in self.headers.items()}, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.BANK = settings.BANK | {"WEBHOOK_URL": f"http://127.0.0.1:{server.server_port}/webhooks"}
    yield found
    server.shutdown()
    server.server_close()


def captured(end: str = "0001") -> bank.Authorization:
    hold = held(f"4000-0000-0000-{end}", 2500)
    return bank.capture(authorization_id=hold.id, amount=None, key=None).authorization


def test_a_webhook_is_signed_and_says_what_happened(receiver: Receiver):
    hold = captured()
    assert bank.deliver_webhooks() == 2
    assert receiver.types() == ["payment.authorized", "payment.captured"]
    verifier = Webhook(str(settings.BANK["WEBHOOK_SECRET"]))
    for headers, body in receiver.messages:
        verifier.verify(body, headers)
    message = next(json.loads(body) for _, body in receiver.messages if b"payment.captured" in body)
    assert message["data"] == {
        "payment": str(hold.reference),
        "hold": str(hold.id),
        "transaction": str(hold.transactions[0].id),
        "amount": 2500,
        "currency": "BDT",
        "reason": None,
    }
    assert message["timestamp"].endswith("Z")


def test_what_is_not_taken_comes_again_under_the_same_id(receiver: Receiver):
    receiver.statuses = [500, 302]
    held()
    with clock.use(clock.FrozenClock(clock.now())) as frozen:
        for _ in range(4):
            bank.deliver_webhooks()
            frozen.forward(timedelta(hours=1, seconds=1))
    assert len(receiver.messages) == 3
    assert len(set(receiver.ids())) == 1
    stamps = [headers["webhook-timestamp"] for headers, _ in receiver.messages]
    assert len(set(stamps)) == 3
    assert Delivery.objects.filter(done_at=None).count() == 0


def test_it_waits_before_it_tries_again(receiver: Receiver):
    receiver.statuses = [500]
    held()
    with clock.use(clock.FrozenClock(clock.now())):
        bank.deliver_webhooks()
        bank.deliver_webhooks()
    assert len(receiver.messages) == 1


def test_nobody_there_is_tried_for_three_days_and_no_longer(settings: Any):
    settings.BANK = settings.BANK | {"WEBHOOK_URL": "http://127.0.0.1:9/nobody"}
    held()
    with clock.use(clock.FrozenClock(clock.now())) as frozen:
        bank.deliver_webhooks()
        frozen.forward(timedelta(days=2, hours=23))
        bank.deliver_webhooks()
        assert Delivery.objects.get().given_up_at is None
        frozen.forward(timedelta(hours=2))
        bank.deliver_webhooks()
    assert Delivery.objects.get().given_up_at is not None


def test_five_copies_are_one_message(receiver: Receiver):
    captured("0011")
    bank.deliver_webhooks()
    assert len(receiver.messages) == 10
    assert len(set(receiver.ids())) == 2


def test_late_webhooks_wait_for_their_time(receiver: Receiver):
    with clock.use(clock.FrozenClock(clock.now())) as frozen:
        captured("0012")
        frozen.forward(timedelta(seconds=59))
        assert bank.deliver_webhooks() == 0
        frozen.forward(timedelta(seconds=1))
        assert bank.deliver_webhooks() == 2


def test_captured_comes_before_authorized(receiver: Receiver):
    with clock.use(clock.FrozenClock(clock.now())) as frozen:
        captured("0010")
        bank.deliver_webhooks()
        assert receiver.types() == ["payment.captured"]
        frozen.forward(timedelta(seconds=5))
        bank.deliver_webhooks()
    assert receiver.types() == ["payment.authorized", "payment.captured"]


def test_workers_side_by_side_send_each_once(receiver: Receiver):
    for _ in range(40):
        held()
    crowd(4, lambda _: bank.deliver_webhooks())
    assert len(receiver.ids()) == len(set(receiver.ids())) == 40


def test_a_worker_that_died_leaves_its_webhooks_to_the_next(receiver: Receiver):
    """The claim is committed before the call: here the row stands as a worker killed in mid-call leaves it."""
    held()
    Delivery.objects.update(attempts=1, due_at=clock.now() + timedelta(seconds=30))
    assert bank.deliver_webhooks() == 0
    with clock.use(clock.FrozenClock(clock.now() + timedelta(seconds=31))):
        assert bank.deliver_webhooks() == 1
