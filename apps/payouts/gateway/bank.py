"""Transfers at the simulated bank, which is known by its HTTP API alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from uuid import UUID

import msgspec
from django.conf import settings

from apps.platform.http import HttpClient, NoAnswer, Reply

# 4xx answers that settle nothing: our key is wrong (a matter for the operator), or we are too fast or too early.
_NOT_NOW = {401, 403, 408, 425, 429}
REASON_MAX = 100


class Outcome(Enum):
    DONE = "done"
    DECLINED = "declined"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Answer:
    outcome: Outcome
    transfer: str = ""
    reason: str = ""


class Line(msgspec.Struct):
    """A transfer as the bank tells it."""

    id: str
    seq: int
    reference: UUID
    account: str
    amount: int
    currency: str
    status: str
    created_at: datetime
    reason: str | None = None


class _Lines(msgspec.Struct):
    results: list[Line]


class _Problem(msgspec.Struct):
    code: str = "refused"


class BankUnavailable(Exception):
    """The bank's statement could not be read now."""


class Bank:
    def __init__(self, url: str, api_key: str) -> None:
        self._http = HttpClient(url, {"Authorization": f"Api-Key {api_key}", "Accept": "application/json"})

    def send(self, *, reference: UUID, account: str, amount: int, currency: str) -> Answer:
        """Have the bank send the money, once per reference."""
        body = {"account": account, "amount": amount, "currency": currency, "reference": str(reference)}
        try:
            reply = self._http.post("/transfers", body, {"Idempotency-Key": str(reference)})
            if reply.status in (200, 201):
                return _told(msgspec.json.decode(reply.body, type=Line), reference, amount)
            return _refused(reply)
        except (NoAnswer, msgspec.MsgspecError) as error:
            return Answer(outcome=Outcome.UNKNOWN, reason=type(error).__name__)

    def find(self, *, reference: UUID, amount: int) -> Answer:
        """What became of an earlier call. ABSENT: the bank never heard of it."""
        try:
            reply = self._http.get("/transfers", {"reference": str(reference)})
            if reply.status != 200:
                return Answer(outcome=Outcome.UNKNOWN, reason=f"status-{reply.status}")
            found = msgspec.json.decode(reply.body, type=_Lines).results
            return _told(found[0], reference, amount) if found else Answer(outcome=Outcome.ABSENT)
        except (NoAnswer, msgspec.MsgspecError) as error:
            return Answer(outcome=Outcome.UNKNOWN, reason=type(error).__name__)

    def statement(self, *, after: int, page_size: int) -> list[Line]:
        """Raises BankUnavailable."""
        try:
            reply = self._http.get("/transfers", {"after": str(after), "page_size": str(page_size)})
            if reply.status != 200:
                raise BankUnavailable(str(reply.status))
            return msgspec.json.decode(reply.body, type=_Lines).results
        except (NoAnswer, msgspec.MsgspecError) as error:
            raise BankUnavailable(type(error).__name__) from error


def bank() -> Bank:
    """The bank that the settings name."""
    return _bank(settings.BANK["URL"], settings.BANK["API_KEY"])


@lru_cache(maxsize=4)
def _bank(url: str, api_key: str) -> Bank:
    return Bank(url, api_key)


def _told(line: Line, reference: UUID, amount: int) -> Answer:
    """An answer about something else is none."""
    if (line.reference, line.amount) != (reference, amount):
        return Answer(outcome=Outcome.UNKNOWN, reason="another-transfer")
    if line.status == "succeeded":
        return Answer(outcome=Outcome.DONE, transfer=line.id[:REASON_MAX])
    if line.status == "declined":
        return Answer(outcome=Outcome.DECLINED, reason=(line.reason or "declined")[:REASON_MAX])
    return Answer(outcome=Outcome.UNKNOWN, reason="unknown-status")


def _refused(reply: Reply) -> Answer:
    if not 400 <= reply.status < 500 or reply.status in _NOT_NOW:
        return Answer(outcome=Outcome.UNKNOWN, reason=f"status-{reply.status}")
    code = msgspec.json.decode(reply.body, type=_Problem).code
    return Answer(outcome=Outcome.DECLINED, reason=code[:REASON_MAX] or "refused")
