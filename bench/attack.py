"""`python -m bench.attack`: testers of stolen cards against a running installation, and honest donors beside them.

Replayable: `--seed` fixes who does what. Waves of attackers, each from loopback addresses of its own, come after a calm while and
go before another: the honest give all the time, and what they meet is told for each of the three. One in twelve of their cards is
declined. They come as people do: with the form and a browser that does the work, with the form and no JavaScript (they wait as
asked), over the API, to the attacked campaign or to another, and some from the very address that an attacker uses.

Reported of attackers: which share of their tries reached no bank, and after how many the first was stopped. Reported of the
honest, for each gift that they wanted: given at once, given after work, given after waiting, not given.
"""

from __future__ import annotations

import argparse
import http.client
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.support.stack import Stack

from .senders import AT_ONCE, DECLINES, NOT, PAYS, Sender, Way

BEFORE, DURING, AFTER = "before", "during", "after"


@dataclass(frozen=True)
class Wave:
    """Senders who do the same from these addresses. `pace`: between how many seconds each waits before the next gift."""

    name: str
    addresses: list[str]
    pace: tuple[float, float]
    way: Way
    is_attack: bool = True
    on_other: bool = False


def addresses(block: int, number: int) -> list[str]:
    return [f"127.0.{block}.{each}" for each in range(1, number + 1)]


ONE, FORM = "127.0.1.1", "127.0.3.1"
WAVES = [
    Wave("attack: one address, API", [ONE] * 2, (0.1, 0.1), Way.API),
    Wave("attack: fifty addresses, API", addresses(2, 50), (1, 3), Way.API),
    Wave("attack: one address, form", [FORM], (0.1, 0.1), Way.FORM),
    Wave("attack: four addresses that do the work", addresses(6, 4), (3, 6), Way.WORKING_API),
    Wave("honest: form, a browser", addresses(4, 30), (4, 12), Way.WORKING_FORM, False),
    Wave("honest: form, no JavaScript", addresses(7, 10), (4, 12), Way.WAITING_FORM, False),
    Wave("honest: another campaign", addresses(5, 30), (4, 12), Way.WORKING_FORM, False, True),
    Wave("honest: over the API", addresses(8, 10), (4, 12), Way.WORKING_API, False),
    Wave("honest: at an attacker's address", [ONE, FORM], (4, 12), Way.WORKING_FORM, False),
]


@dataclass
class Tally:
    """What became of the gifts of one wave, by phase."""

    ends: dict[str, Counter[str]] = field(default_factory=lambda: {each: Counter() for each in (BEFORE, DURING, AFTER)})
    first_stopped: int = 0

    def note(self, phase: str, end: str) -> None:
        self.ends[phase][end] += 1
        if end == NOT and not self.first_stopped:
            self.first_stopped = sum(counter.total() for counter in self.ends.values())


@dataclass(frozen=True)
class Clock:
    """The night's phases, by time.monotonic()."""

    begins_at: float
    ends_at: float
    over_at: float

    def phase(self, at: float) -> str:
        return BEFORE if at < self.begins_at else DURING if at < self.ends_at else AFTER


def main() -> None:
    options = argparse.ArgumentParser(description="Replay a card-testing attack.")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--seconds", type=int, default=60, help="how long the attack lasts")
    options.add_argument("--calm", type=int, default=20, help="how long it is calm before it, and again after it")
    options.add_argument("--declines", type=int, default=8, help="GUARD_DECLINES of the installation")
    options.add_argument("--without-guard", action="store_true", help="the control")
    chosen = options.parse_args()
    limits = "off" if chosen.without_guard else "on"
    with Stack(RATE_LIMITS=limits, GUARD_DECLINES=str(chosen.declines)) as stack:
        campaigns = [stack.open_campaign(title, goal=10**12) for title in ("Attacked", "Calm")]
        report = _run(stack, campaigns, chosen.seed, chosen.calm, chosen.seconds)
        stack.wait_for(lambda: stack.manage("audit").returncode == 0, 60)
    print(f"seed {chosen.seed}, {chosen.seconds} s, GUARD_DECLINES={chosen.declines}, guard {limits}")
    for wave, tally in report:
        _tell(wave, tally)


def _tell(wave: Wave, tally: Tally) -> None:
    if wave.is_attack:
        ends = tally.ends[DURING] + tally.ends[AFTER]
        share = ends[NOT] / max(1, ends.total())
        print(
            f"{wave.name:<40}{ends.total():>6} tries {share:>7.1%} reached no bank, first after {tally.first_stopped}"
        )
        return
    for phase, ends in tally.ends.items():
        asked = ends.total() - ends[AT_ONCE]
        shares = f"{asked / max(1, ends.total()):>7.1%} asked for more or turned away, {ends[NOT]:>3} not given"
        print(f"{wave.name:<34}{phase:<6}{ends.total():>6} gifts {shares}; {dict(ends)}")


def _run(
    stack: Stack, campaigns: list[dict[str, str]], seed: int, calm: float, seconds: float
) -> list[tuple[Wave, Tally]]:
    chance, begun = random.Random(seed), time.monotonic()
    clock = Clock(begun + calm, begun + calm + seconds, begun + calm + seconds + calm)
    report = [(wave, Tally()) for wave in WAVES]
    threads = [
        threading.Thread(target=_give_until, args=(stack.port, wave, address, campaigns, tally, clock, chance.random()))
        for wave, tally in report
        for address in wave.addresses
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return report


def _give_until(
    port: int, wave: Wave, address: str, campaigns: list[dict[str, str]], tally: Tally, clock: Clock, seed: float
) -> None:
    chance, pause, sender = random.Random(seed), threading.Event(), Sender(port, address)
    campaign = campaigns[wave.on_other]
    begins_at, ends_at = (clock.begins_at, clock.ends_at) if wave.is_attack else (time.monotonic(), clock.over_at)
    pause.wait(begins_at - time.monotonic() + chance.uniform(0, wave.pace[1]))
    while (at := time.monotonic()) < ends_at:
        account = DECLINES if wave.is_attack or chance.random() < 1 / 12 else PAYS
        try:
            tally.note(clock.phase(at), sender.give(campaign, account, wave.way))
        except (OSError, http.client.HTTPException):
            sender = Sender(port, address)
        pause.wait(chance.uniform(*wave.pace))


if __name__ == "__main__":
    main()
