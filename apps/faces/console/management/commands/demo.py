"""`manage.py demo`: people, campaigns and gifts to look at. Running it again changes nothing."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.accounts import interface as accounts

from ...demo import load, money, talk
from ...demo.campaigns import CAMPAIGNS


class Command(BaseCommand):
    help = (
        "Load the demonstration: three sign-ins, campaigns at every stage, and gifts that go through the real pipeline."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--wait", type=float, default=60, help="seconds to wait for the gifts to arrive (default 60)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("DEMO_PASSWORD", "")
        people = {person.role: person for person in load.load_people(password)}
        manager = accounts.actor_of_user(user_id=people["manager"].user_id)
        found = load.load_campaigns(manager)
        self.stdout.write(f"{len(found)} campaigns")
        made = load.load_gifts(found, people["donor"].user_id)
        left = load.wait_for_gifts(made, seconds=options["wait"], tell=self._progress)
        self.stdout.write(f"{len(made) - left} of {len(made)} gifts arrived")
        if left:
            self.stdout.write(f"{left} are still on their way; the workers will bring them in.")
        donor = accounts.actor_of_user(user_id=people["donor"].user_id)
        talk.load_talk(found[CAMPAIGNS[0].title], donor=donor, manager=manager)
        load.refund_one(made)
        load.finish_campaigns(found, manager)
        staff = accounts.actor_of_user(user_id=people["staff"].user_id)
        money.load_extras(found[CAMPAIGNS[0].title], manager=manager)
        ended = next(found[each.title] for each in CAMPAIGNS if each.stage == "ended")
        money.load_payouts(done=ended, waiting=found[CAMPAIGNS[2].title], manager=manager, staff=staff)
        for person in people.values():
            shown = "DEMO_PASSWORD" if password else person.password or "(unchanged)"
            self.stdout.write(f"{person.role:<8} {person.email:<28} {shown}")

    def _progress(self, arrived: int, number: int) -> None:
        """A line that counts up, for whoever watches a terminal."""
        if self.stdout.isatty():
            self.stdout.write(f"\r{arrived} of {number} gifts arrived\r", ending="")
            self.stdout.flush()
