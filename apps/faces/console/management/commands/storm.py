"""`manage.py storm`: replays the winter night against the running installation and accounts for every unit afterwards."""

from __future__ import annotations

import json
import secrets
import sys
from argparse import ArgumentParser
from typing import Any

import urllib3
from django.conf import settings
from django.core.management.base import BaseCommand

from apps.payments import interface as payments

from ...storm.outcome import Outcome
from ...storm.progress import Display
from ...storm.run import Order, Storm

MOST_DONORS, MOST_SECONDS = 100_000, 600


class Command(BaseCommand):
    help = (
        "Replay the winter night against the running demo installation: donors, bad webhooks, an outage, killed processes. "
        "Exit 0 when every unit is accounted for and the audit holds, 1 when something was lost, 2 when it may not run here."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--donors", type=int, default=1000, help=f"how many come, at most {MOST_DONORS} (default 1000)"
        )
        parser.add_argument("--seconds", type=float, default=60, help="within how many seconds they come (default 60)")
        parser.add_argument("--seed", type=int, help="the same seed asks the same things (default: a new one)")
        parser.add_argument("--json", action="store_true", help="machine-readable outcome, nothing else on the output")

    def handle(self, *args: Any, **options: Any) -> None:
        if why := _refusal(options["donors"], options["seconds"]):
            self.stderr.write(why)
            raise SystemExit(2)
        order = Order(
            donors=options["donors"],
            seconds=options["seconds"],
            seed=secrets.randbelow(10_000) if options["seed"] is None else options["seed"],
            url=settings.PUBLIC_URL,
            data_dir=settings.DATA_DIR,
            redis_url=settings.REDIS_URL,
            bank_url=settings.BANK["URL"],
            bank_key=settings.BANK["API_KEY"],
            webhook_secret=settings.BANK["WEBHOOK_SECRET"],
        )
        with Display(sys.stdout, is_silent=options["json"]) as display:
            storm = Storm(order, display)
            try:
                outcome = storm.run()
            except KeyboardInterrupt:
                self.stderr.write(
                    "Stopped. What was asked for until now comes to its end by itself; `manage.py audit` says how."
                )
                raise SystemExit(130) from None
            display.finish(storm)
            was_living = display.is_living
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_json(), default=str, ensure_ascii=False))
        else:
            self._write_lines(outcome, with_story=was_living)
        if not outcome.holds:
            raise SystemExit(1)

    def _write_lines(self, outcome: Outcome, *, with_story: bool) -> None:
        if with_story:
            for each in outcome.story:
                self.stdout.write(f"{each.at:6.1f} s  {each.what}")
        self.stdout.write("")
        width = max(len(name) for name, _ in outcome.books())
        for name, value in outcome.books():
            self.stdout.write(f"{name:<{width}}  {value:>15}")
        held = sum(each["holds"] for each in outcome.audit)
        self.stdout.write(f"\nAudit: {held} of {len(outcome.audit)} checks hold.")
        for loss in outcome.losses[:50]:
            self.stdout.write(f"LOST  {loss}")
        self.stdout.write(outcome.verdict)
        self.stdout.write(
            f"Again with --donors {outcome.counts['donors']} --seconds {outcome.seconds:g} --seed {outcome.seed}"
        )
        self.stdout.write(f"Page: {outcome.page}")


def _refusal(donors: int, seconds: float) -> str:
    """Why there is no storm here; empty when there may be one."""
    if not settings.DEMO_MODE:
        return "DEMO_MODE is off: a storm breaks things on purpose and runs on demonstrations only."
    if payments.providers() != ["bank"]:
        return f"Real providers are configured ({', '.join(payments.providers())}): a storm never goes near them."
    if not 1 <= donors <= MOST_DONORS or not 1 <= seconds <= MOST_SECONDS:
        return f"--donors is from 1 to {MOST_DONORS}, --seconds from 1 to {MOST_SECONDS}."
    try:
        is_up = urllib3.request("GET", f"{settings.PUBLIC_URL}/healthz", retries=False, timeout=5.0).status == 200
    except (urllib3.exceptions.HTTPError, OSError):
        is_up = False
    return "" if is_up else f"Nothing answers at {settings.PUBLIC_URL}: start the installation with `make run` first."
