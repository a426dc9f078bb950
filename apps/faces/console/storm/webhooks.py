"""Webhooks as nobody should send them, to the real door: repeated, late, forged, garbled, lying. Each has its right answer."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import urllib3
from standardwebhooks import Webhook

AT_ONCE = 20
PAUSE = 0.25
STORED = frozenset({202, 200})
WRONG_SECRET = "whsec_" + "c3Rvcm0tZm9yZ2VyLXN0b3JtLWZvcmdlcg=="
LIES_OF_A_KIND = 3
"""How many well-signed untruths of each kind are told: every one becomes a finding that somebody has to close."""
Event = dict[str, Any]


@dataclass
class Door:
    """What was sent to the door, and where its answer was not the right one."""

    sent: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)


class Attacker:
    """Sends bad webhooks made from the bank's true `events()` until told to stop. `mark` begins the ids that it makes up."""

    def __init__(
        self, url: str, secret: str, mark: str, seed: int, events: Callable[[], list[Event]], stop: threading.Event
    ) -> None:
        self._url = f"{url}/api/v1/payments/webhooks/bank"
        self._secret, self._mark, self._events, self._stop = secret, mark, events, stop
        self._draw = random.Random(f"webhooks:{seed}")  # noqa: S311
        self._http = urllib3.PoolManager(maxsize=AT_ONCE, retries=False)
        self._number = 0
        self.door = Door()

    def play(self) -> None:
        """One attack after the other, in an order of the seed's, as long as there are true events to twist."""
        attacks = [
            self._repeat,
            self._tell_again,
            self._backwards,
            self._stale,
            self._forge,
            self._tamper,
            self._unsigned,
            self._oversized,
            self._garble,
            self._stranger,
            self._wrong_amount,
            self._contradict,
        ]
        with ThreadPoolExecutor(AT_ONCE) as hands:
            self._hands = hands
            while not self._stop.wait(PAUSE):
                events = self._events()
                if events:
                    self._draw.choice(attacks)(events)

    def _repeat(self, events: list[Event]) -> None:
        """The same message many times at the same moment."""
        body, webhook_id = _body(self._draw.choice(events)), self._id()
        answers = list(self._hands.map(lambda _: self._send(webhook_id, body), range(AT_ONCE)))
        self._expect("the same message 20 times at once", answers, STORED)

    def _tell_again(self, events: list[Event]) -> None:
        self._expect("an old fact under a new id", [self._send(self._id(), _body(self._draw.choice(events)))], STORED)

    def _backwards(self, events: list[Event]) -> None:
        """What a payment went through, last first."""
        payment = self._draw.choice(events)["data"]["payment"]
        told = [event for event in events if event["data"]["payment"] == payment]
        answers = [self._send(self._id(), _body(event)) for event in reversed(told)]
        self._expect("a payment's facts in reverse", answers, STORED)

    def _stale(self, events: list[Event]) -> None:
        at = datetime.now(UTC) - timedelta(minutes=self._draw.choice([6, 60, 1440]))
        self._expect("a true message, replayed late", [self._send(self._id(), _body(events[-1]), at=at)], {401})

    def _forge(self, events: list[Event]) -> None:
        """Money for somebody whose card was declined, signed with a secret of the forger's own."""
        body = _body(self._draw.choice(events), type="payment.captured", transaction=str(uuid4()))
        self._expect("a forged signature", [self._send(self._id(), body, secret=WRONG_SECRET)], {401})

    def _tamper(self, events: list[Event]) -> None:
        body = _body(self._draw.choice(events))
        headers = self._headers(self._id(), body)
        changed = body.replace('"amount": ', '"amount": 9')
        self._expect("a changed body under a true signature", [self._post(changed, headers)], {401})

    def _unsigned(self, events: list[Event]) -> None:
        body = _body(self._draw.choice(events))
        half = {"webhook-id": self._id(), "webhook-timestamp": "soon", "webhook-signature": "v1"}
        self._expect("no signature, or half of one", [self._post(body, {}), self._post(body, half)], {401})

    def _oversized(self, events: list[Event]) -> None:
        self._expect("a body of 70 KB", [self._send(self._id(), " " * 70_000)], {413})

    def _garble(self, events: list[Event]) -> None:
        if self._may_lie("signed garbage"):
            self._expect("signed garbage", [self._send(self._id(), '{"type": "payment.captured", "data": [')], STORED)

    def _stranger(self, events: list[Event]) -> None:
        if self._may_lie("money for a payment of nobody's"):
            body = _body(events[-1], type="payment.captured", payment=str(uuid4()), transaction=self._id())
            self._expect("money for a payment of nobody's", [self._send(self._id(), body)], STORED)

    def _wrong_amount(self, events: list[Event]) -> None:
        if self._may_lie("a capture of ten times the amount"):
            event = self._draw.choice(events)
            body = _body(event, type="payment.captured", amount=event["data"]["amount"] * 10, transaction=self._id())
            self._expect("a capture of ten times the amount", [self._send(self._id(), body)], STORED)

    def _contradict(self, events: list[Event]) -> None:
        captured = [event for event in events if event["type"] == "payment.captured"]
        if captured and self._may_lie("failed, after captured"):
            body = _body(self._draw.choice(captured), type="payment.failed", transaction=self._id(), reason="storm")
            self._expect("failed, after captured", [self._send(self._id(), body)], STORED)

    def _may_lie(self, what: str) -> bool:
        return self.door.sent[what] < LIES_OF_A_KIND

    def _expect(self, what: str, answers: list[int], right: frozenset[int] | set[int]) -> None:
        self.door.sent[what] += len(answers)
        wrong = [status for status in answers if status not in right and status not in (0, 502, 503, 504)]
        if wrong:
            self.door.surprises.append(f"the webhook door answered {wrong[0]} to {what}; right is {sorted(right)}")

    def _id(self) -> str:
        self._number += 1
        return f"{self._mark}-{self._number}"

    def _send(self, webhook_id: str, body: str, *, secret: str = "", at: datetime | None = None) -> int:
        return self._post(body, self._headers(webhook_id, body, secret or self._secret, at))

    def _headers(self, webhook_id: str, body: str, secret: str = "", at: datetime | None = None) -> dict[str, str]:
        moment = at or datetime.now(UTC)
        return {
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": Webhook(secret or self._secret).sign(webhook_id, moment, body),
        }

    def _post(self, body: str, headers: dict[str, str]) -> int:
        try:
            sent = {"Content-Type": "application/json"} | headers
            return int(self._http.request("POST", self._url, body=body.encode(), headers=sent, timeout=10.0).status)
        except (urllib3.exceptions.HTTPError, OSError):
            return 0


class BankEvents:
    """The bank's event list since the storm began, read over HTTP: at most the last 500, newest last."""

    def __init__(self, url: str, api_key: str, after: int) -> None:
        self._url, self._headers, self._after = url, {"Authorization": f"Api-Key {api_key}"}, after
        self._http = urllib3.PoolManager(maxsize=2, retries=False)
        self._known: list[Event] = []
        self._read_at = 0.0

    def __call__(self) -> list[Event]:
        if time.monotonic() - self._read_at > 1.0:
            self._read_at = time.monotonic()
            self._known = (self._known + self._page())[-500:]
        return self._known

    def _page(self) -> list[Event]:
        try:
            fields = {"after": str(self._after), "page_size": "100"}
            reply = self._http.request("GET", f"{self._url}/events", fields=fields, headers=self._headers, timeout=3.0)
            found = json.loads(reply.data)["results"] if reply.status == 200 else []
        except (urllib3.exceptions.HTTPError, OSError, ValueError):  # the bank is away: what is known serves on
            return []
        self._after = max([self._after, *(event["seq"] for event in found)])
        return list(found)


def _body(event: Event, **changes: Any) -> str:
    """A webhook's body that tells `event`, with other `type` or data where given."""
    data = event["data"] | {name: value for name, value in changes.items() if name != "type"}
    told = {"type": changes.get("type", event["type"]), "timestamp": event.get("timestamp", "2026-01-01T00:00:00Z")}
    return json.dumps(told | {"data": data})
