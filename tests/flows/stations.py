"""The stations of a gift's way, by the names of docs/flow.md, each run by hand in the test's process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import urllib3

from apps.bank import interface as bank
from apps.outbox import interface as outbox
from apps.payments.services.call_providers import call_providers
from apps.payments.services.process_webhooks import process_webhooks
from apps.payments.services.reconcile import reconcile_stuck
from apps.platform import db

WORK: dict[str, Callable[[], object]] = {
    "payments.call_providers": call_providers,
    "bank.deliver_webhooks": bank.deliver_webhooks,
    "payments.process_webhooks": process_webhooks,
    "outbox.relay": outbox.drain,
}


@dataclass(frozen=True)
class Product:
    """A running copy, at `url`."""

    url: str

    def post(self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> tuple[int, Any]:
        reply = urllib3.request("POST", f"{self.url}{path}", json=body, headers=headers, retries=False)
        return reply.status, msgspec.json.decode(reply.data)

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        reply = urllib3.request("GET", f"{self.url}{path}", headers=headers, retries=False)
        return reply.status, msgspec.json.decode(reply.data)

    def post_raw(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """Send the bytes as they are; returns the status."""
        sent = headers | {"Content-Type": "application/json"}
        return int(urllib3.request("POST", url, body=body, headers=sent, retries=False).status)

    def run(self, *tasks: str) -> None:
        """Do what the workers' tasks of these names do, once, in this order."""
        for task in tasks:
            WORK[task]()

    def settle(self, rounds: int = 6) -> None:
        """Let workers work until nothing is left that is due now."""
        for _ in range(rounds):
            self.run(*WORK)

    def hurry(self) -> None:
        """Pretend that the waiting time of everything that waits has passed, and ask the provider about it."""
        db.execute("UPDATE payments_operation SET due_at = now() WHERE finished_at IS NULL")
        db.execute("UPDATE payments_payment SET check_at = now() WHERE check_at IS NOT NULL")
        db.execute("UPDATE outbox_delivery SET due_at = now() WHERE done_at IS NULL")
        db.execute("UPDATE bank_delivery SET due_at = now() WHERE done_at IS NULL", using="bank")
        reconcile_stuck()
