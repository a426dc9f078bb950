"""`python -m bench.attack`: testers of stolen cards against a running installation, and honest donors beside them.

Replayable: `--seed` fixes who does what. Three waves, each from loopback addresses of its own, so that the edge sees many clients:
one address that hammers the API, fifty that share the work, and one that works through the form like a person without
JavaScript. Honest donors give meanwhile, some of them with a card that is declined. Reported: which share of the attack reached
no bank, after how many tries each wave met the guard, and how many honest gifts were asked for work or held back.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

import altcha

from tests.support.stack import Stack

PAYS, DECLINES = "4000-0000-0000-0001", "4000-0000-0000-0002"


@dataclass
class Tally:
    """What became of the tries of one kind of sender."""

    answers: Counter[int] = field(default_factory=Counter)
    first_blocked: int = 0

    def note(self, status: int) -> None:
        self.answers[status] += 1
        if status in BLOCKED and not self.first_blocked:
            self.first_blocked = sum(self.answers.values())

    @property
    def tries(self) -> int:
        return sum(self.answers.values())

    @property
    def blocked(self) -> int:
        return sum(number for status, number in self.answers.items() if status in BLOCKED)


BLOCKED, WORKED = (403, 422, 429), 2010


class Sender:
    """One client at one address."""

    def __init__(self, port: int, address: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(address, 0))

    def give(self, campaign_id: str, account: str, *, works: bool) -> int:
        """The status; WORKED where a proof of work was asked for, done, and the gift then taken."""
        body = {
            "campaign": campaign_id,
            "amount": 10_000,
            "donor": {"name": "Sender", "email": f"{uuid4().hex[:10]}@example.org"},
            "payment": {"provider": "bank", "account": account},
        }
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        status, text, _ = self._send("POST", "/api/v1/pledges", json.dumps(body), headers)
        if status != 403 or not works:
            return status
        challenge = altcha.Challenge.from_dict(json.loads(text)["challenge"])
        solution = altcha.solve_challenge(challenge)
        if solution is None:  # this machine was too busy: held back
            return status
        headers["X-Challenge-Solution"] = altcha.Payload(challenge, solution).to_base64()
        status, _, _ = self._send("POST", "/api/v1/pledges", json.dumps(body), headers)
        return WORKED if status == 201 else status

    def give_by_form(self, slug: str, account: str) -> int:
        """As a browser without JavaScript: read the form, send it."""
        path = f"/campaigns/{slug}/give/"
        status, page, cookie = self._send("GET", path, None, {})
        if status != 200:
            return status
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        gift = hidden | {
            "preset": "10000",
            "name": "Sender",
            "email": f"{uuid4().hex[:10]}@example.org",
            "account": account,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Referer": path}
        return self._send("POST", path, urlencode(gift), headers)[0]

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, str, str]:
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        return answer.status, text, (answer.getheader("Set-Cookie") or "").partition(";")[0]


def main() -> None:
    options = argparse.ArgumentParser(description="Replay a card-testing attack.")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--seconds", type=int, default=30)
    options.add_argument("--declines", type=int, default=8, help="GUARD_DECLINES of the installation")
    options.add_argument("--without-guard", action="store_true", help="the control")
    chosen = options.parse_args()
    limits = "off" if chosen.without_guard else "on"
    with Stack(RATE_LIMITS=limits, GUARD_DECLINES=str(chosen.declines)) as stack:
        attacked, calm = (stack.open_campaign(title, goal=10**12) for title in ("Attacked", "Calm"))
        report = _run(stack, attacked, calm, chosen.seed, chosen.seconds)
        stack.assert_audit_holds()
        raised = stack.raised(attacked["id"])
    print(f"seed {chosen.seed}, {chosen.seconds} s, GUARD_DECLINES={chosen.declines}, guard {limits}")
    for name, tally in report.items():
        share = tally.blocked / max(1, tally.tries)
        print(
            f"{name:<34}{tally.tries:>6} tries {share:>7.1%} held back, first after {tally.first_blocked or '-'}; {dict(tally.answers)}"
        )
    print(f"raised on the attacked campaign: {raised} (honest gifts only)")


def _run(stack: Stack, attacked: dict[str, str], calm: dict[str, str], seed: int, seconds: int) -> dict[str, Tally]:
    chance = random.Random(seed)
    until = time.monotonic() + seconds
    waves = {
        "attack: one address, API": ["127.0.1.1"] * 2,
        "attack: fifty addresses, API": [f"127.0.2.{number}" for number in range(1, 51)],
        "attack: one address, form": ["127.0.3.1"],
        "honest: attacked campaign": [f"127.0.4.{number}" for number in range(1, 31)],
        "honest: another campaign": [f"127.0.5.{number}" for number in range(1, 31)],
    }
    report = {name: Tally() for name in waves}
    threads = []
    for name, addresses in waves.items():
        is_attack, by_form = name.startswith("attack"), name.endswith("form")
        target = calm if "another" in name else attacked
        for address in addresses:
            pace = 0.1 if "one address" in name else (chance.uniform(1, 3) if is_attack else chance.uniform(4, 12))
            bad_cards = 1.0 if is_attack else 0.08
            work = (stack.port, address, target, report[name], pace, bad_cards, by_form, until, chance.random())
            threads.append(threading.Thread(target=_send_until, args=work))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return report


def _send_until(
    port: int,
    address: str,
    campaign: dict[str, str],
    tally: Tally,
    pace: float,
    bad_cards: float,
    by_form: bool,
    until: float,
    seed: float,
) -> None:
    chance, pause, sender = random.Random(seed), threading.Event(), Sender(port, address)
    pause.wait(chance.uniform(0, pace))
    while time.monotonic() < until:
        account = DECLINES if chance.random() < bad_cards else PAYS
        try:
            status = (
                sender.give_by_form(campaign["slug"], account)
                if by_form
                else sender.give(campaign["id"], account, works=bad_cards < 1)
            )
            tally.note(status)
        except (OSError, http.client.HTTPException):
            sender = Sender(port, address)
        pause.wait(pace)


if __name__ == "__main__":
    main()
