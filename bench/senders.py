"""Those who send gifts at a site with a carding guard: over the API or by the form, with or without doing what is asked of them."""

from __future__ import annotations

import http.client
import json
import re
import threading
from enum import Enum
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import altcha

PAYS, DECLINES = "4000-0000-0000-0001", "4000-0000-0000-0002"
AT_ONCE, AFTER_WORK, AFTER_WAITING, NOT = "at once", "after work", "after waiting", "not given"
WAIT_SECONDS = 22
READ_SECONDS = 3
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_CHALLENGE = re.compile(r'<script id="challenge" type="application/json">(.*?)</script>')


class Way(Enum):
    """How someone gives: WORKING ones solve what they are asked, WAITING ones have no JavaScript and wait."""

    API = "api"
    WORKING_API = "working api"
    FORM = "form"
    WORKING_FORM = "working form"
    WAITING_FORM = "waiting form"


class Sender:
    """One client at one address, with a cookie jar of one cookie."""

    def __init__(self, port: int, address: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(address, 0))
        self.cookie = ""

    def give(self, campaign: dict[str, str], account: str, way: Way) -> str:
        """One gift that is wanted; how it ended. Raises OSError, HTTPException."""
        if way in (Way.API, Way.WORKING_API):
            return self._over_the_api(campaign["id"], account, works=way is Way.WORKING_API)
        return self._by_form(campaign["slug"], account, way)

    def _over_the_api(self, campaign_id: str, account: str, *, works: bool) -> str:
        body = {
            "campaign": campaign_id,
            "amount": 10_000,
            "donor": {"name": "Sender", "email": f"{uuid4().hex[:10]}@example.org"},
            "payment": {"provider": "bank", "account": account},
        }
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        status, text = self._send("POST", "/api/v1/pledges", json.dumps(body), headers)
        if status == 403 and works and (solution := solved(json.loads(text)["challenge"])):
            headers["X-Challenge-Solution"] = solution
            status, _ = self._send("POST", "/api/v1/pledges", json.dumps(body), headers)
            return AFTER_WORK if status == 201 else NOT
        return AT_ONCE if status == 201 else NOT

    def _by_form(self, slug: str, account: str, way: Way) -> str:
        """A person reads for some seconds before sending; a machine does not."""
        path = f"/campaigns/{slug}/give/"
        status, page = self._send("GET", path, None, {})
        if status != 200:
            return NOT
        _pause(READ_SECONDS if way is not Way.FORM else 0)
        typed = {"preset": "10000", "name": "Sender", "email": f"{uuid4().hex[:10]}@example.org", "account": account}
        did = AT_ONCE
        for _ in range(3):
            work = _CHALLENGE.search(page)
            sent = dict(_HIDDEN.findall(page)) | typed
            if work and way is Way.WORKING_FORM:
                sent["solution"], did = solved(json.loads(work[1])), AFTER_WORK
            status, page = self._send_form(path, sent)
            if status == 302:
                return did
            if status != 422 or way is Way.FORM:
                return NOT
            if way is Way.WAITING_FORM:
                _pause(WAIT_SECONDS)
                did = AFTER_WAITING
        return NOT

    def _send_form(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": path}
        return self._send("POST", path, urlencode(fields), headers)

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, str]:
        cookie = {"Cookie": self.cookie} if self.cookie else {}
        self.connection.request(method, path, body, headers | cookie)
        answer = self.connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for given in answer.headers.get_all("Set-Cookie") or []:
            if given.startswith("csrftoken="):
                self.cookie = given.partition(";")[0]
        return answer.status, text


def solved(parameters: Any) -> str:
    """The answer to a challenge; empty when this machine was too busy to find it."""
    challenge = altcha.Challenge.from_dict(parameters)
    solution = altcha.solve_challenge(challenge)
    return altcha.Payload(challenge, solution).to_base64() if solution else ""


def _pause(seconds: float) -> None:
    threading.Event().wait(seconds)
