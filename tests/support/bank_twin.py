"""A bank to test against: a real HTTP server with the bank's API, whose next answers can be scripted.

    twin.script("capture", "drop", "503")    the next capture is done but not answered, the one after answers 503

Behaviours: `503` and `garbage` do nothing; `drop`, `half` and `hang` do the work and then close the connection, send
half an answer, or hold the answer until `twin.release_hanging()`; `processing` does the work and says so later;
`wrong-amount` answers with another amount; `decline` refuses for good; `late-503` does the work and answers 503.
With `ignores_keys` a repeated call is a second movement.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict, deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from apps.platform.ids import new_id

Json = dict[str, Any]


@dataclass
class Hold:
    account: str
    amount: int
    currency: str
    reference: str
    id: str = field(default_factory=lambda: str(new_id()))
    status: str = "authorized"
    reason: str | None = None
    transactions: list[Json] = field(default_factory=list)

    def sum_of(self, kind: str) -> int:
        return sum(each["amount"] for each in self.transactions if each["kind"] == kind)

    def move(self, kind: str, amount: int, key: str, *, ignores_keys: bool = False) -> str:
        """Make the movement, once per key unless keys are ignored; returns its transaction."""
        for each in self.transactions:
            if each["idempotency_key"] == key and not ignores_keys:
                return str(each["id"])
        movement = {"id": str(new_id()), "kind": kind, "amount": amount, "idempotency_key": key, "created_at": ""}
        self.transactions.append(movement)
        if kind != "refund":
            self.status = {"capture": "captured", "release": "released"}[kind]
        return str(movement["id"])

    def as_json(self) -> Json:
        shown = {"id": self.id, "status": self.status, "account": self.account, "amount": self.amount}
        shown |= {"currency": self.currency, "reference": self.reference, "reason": self.reason}
        return shown | {"transactions": list(self.transactions)}


class BankTwin:
    def __init__(self) -> None:
        self.holds: dict[str, Hold] = {}
        self._by_reference: dict[str, Hold] = {}
        self.calls: list[tuple[str, str]] = []
        self.events: list[Json] = []
        self.ignores_keys = False
        self._scripts: dict[str, deque[str]] = defaultdict(deque)
        self._always: dict[str, str] = {}
        self._lock = threading.Lock()
        self._hanging = threading.Event()
        twin = self

        class Handler(_Handler):
            bank = twin

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._hanging.set()
        self._server.shutdown()
        self._server.server_close()

    def script(self, verb: str, *behaviours: str) -> None:
        self._scripts[verb].extend(behaviours)

    def always(self, verb: str, behaviour: str) -> None:
        """From now on; an empty behaviour is the honest one."""
        self._always[verb] = behaviour

    def release_hanging(self) -> None:
        self._hanging.set()

    def count(self, verb: str) -> int:
        return sum(1 for called, _ in self.calls if called == verb)

    def hold_of(self, reference: object) -> Hold:
        return self._by_reference[str(reference)]

    def take(self, reference: object, amount: int, currency: str = "BDT") -> Hold:
        """Hold and capture at the bank's own counter, whatever the caller knows of it."""
        with self._lock:
            hold = self._by_reference.get(str(reference)) or Hold("at the counter", amount, currency, str(reference))
            self.holds[hold.id] = self._by_reference[hold.reference] = hold
            hold.move("capture", amount, "at the counter")
            return hold

    def tell(self, type_name: str, data: Json) -> None:
        """Append an entry to the event list."""
        self.events.append({"seq": len(self.events) + 1, "type": type_name, "timestamp": "", "data": data})

    def answer(self, verb: str, hold_id: str, body: Json, key: str) -> tuple[int, Json, str]:
        """Status, JSON and the behaviour of this call."""
        with self._lock:
            self.calls.append((verb, key))
            script = self._scripts[verb]
            how = script.popleft() if script else self._always.get(verb, "")
            if how == "503":
                return 503, {"code": "unavailable"}, how
            status, data = self._do(verb, hold_id, body, key, how)
        return (503, {}, how) if how == "late-503" else (status, data, how)

    def wait_while_hanging(self) -> None:
        self._hanging.wait(30)

    def _do(self, verb: str, hold_id: str, body: Json, key: str, how: str) -> tuple[int, Json]:
        if verb == "authorize":
            return self._authorize(body, how)
        hold = self.holds.get(hold_id)
        if hold is None:
            return 404, {"code": "not-found"}
        if how == "decline":
            return 402, {"code": f"{verb}-declined"}
        amount = int(body.get("amount", hold.amount))
        is_repeat = not self.ignores_keys and any(each["idempotency_key"] == key for each in hold.transactions)
        if verb == "refund" and not is_repeat and hold.sum_of("refund") + amount > hold.sum_of("capture"):
            return 409, {"code": "refund-exceeds-captured"}
        if verb != "refund" and not is_repeat and hold.status != "authorized":
            return 409, {"code": "hold-not-capturable"}
        transaction = hold.move(verb, amount, key, ignores_keys=self.ignores_keys)
        if how == "processing":
            return 202, {"transaction": transaction, "status": "processing", "authorization": hold.as_json()}
        shown = hold.as_json()
        if how == "wrong-amount":
            shown["transactions"] = [each | {"amount": each["amount"] + 1} for each in shown["transactions"]]
        return 200, {"transaction": transaction, "status": "succeeded", "authorization": shown}

    def _authorize(self, body: Json, how: str) -> tuple[int, Json]:
        hold = self._by_reference.get(body["reference"])
        hold = hold or Hold(body["account"], body["amount"], body["currency"], body["reference"])
        self.holds[hold.id] = self._by_reference[hold.reference] = hold
        if how == "decline":
            hold.status, hold.reason = "declined", "insufficient-funds"
            return 402, {"code": "insufficient-funds", "authorization": hold.as_json()}
        shown = hold.as_json()
        return 201, shown | {"amount": hold.amount + 1} if how == "wrong-amount" else shown

    def list_holds(self, reference: str) -> Json:
        self.calls.append(("retrieve", reference))
        found = self._by_reference.get(reference)
        return {"results": [found.as_json()] if found else []}

    def list_events(self, after: int, page_size: int) -> Json:
        found = [each for each in self.events if each["seq"] > after][:page_size]
        return {"results": found, "next_after": found[-1]["seq"] if found else after}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bank: BankTwin

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path.endswith("/events"):
            self._send(200, self.bank.list_events(int(query["after"]), int(query["page_size"])))
        else:
            data = self.bank.list_holds(query["reference"])
            how = self.bank._always.get("retrieve", "")
            self._send(503 if how == "503" else 200, data)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        parts = self.path.strip("/").split("/")
        verb, hold_id = ("authorize", "") if len(parts) == 1 else (parts[2], parts[1])
        status, data, how = self.bank.answer(verb, hold_id, body, self.headers["Idempotency-Key"])
        if how == "drop":
            self.close_connection = True
        elif how == "hang":
            self.bank.wait_while_hanging()
            self.close_connection = True
        else:
            self._send(status, data, how)

    def _send(self, status: int, data: Json, how: str = "") -> None:
        content = b"{{{" if how == "garbage" else json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if how == "half":
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True
        else:
            self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        pass
