"""One storm from its first donor to the audit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from apps.platform.run_audit import run_audit

from . import books, stage
from .donors import Donors
from .faults import OUTAGE_SECONDS, Machine
from .figures import headline
from .journal import Journal, broken_promises
from .outcome import Outcome, Told
from .page import page
from .plan import FAULTS, SLOW_FROM, wishes
from .refunds import Refunders
from .watch import Watcher
from .webhooks import Attacker, BankEvents

TICK = 0.25
SETTLE_SECONDS = 90.0
SLOW_SETTLE_SECONDS = 300.0
SLOWEST_GIFTS_PER_SECOND = 15.0


@dataclass(frozen=True)
class Order:
    """What kind of storm, and where."""

    donors: int
    seconds: float
    seed: int
    url: str
    data_dir: Path
    redis_url: str
    bank_url: str
    bank_key: str
    webhook_secret: str


class Storm:
    """Runs an order. `show(self)` is called several times a second for whoever watches; it reads the public attributes."""

    def __init__(self, order: Order, show: Callable[[Storm], None]) -> None:
        self.order, self._show = order, show
        self.run_name = f"{datetime.now(UTC):%m%d-%H%M%S}-{order.seed}"
        self.outcome = Outcome(
            run=self.run_name,
            url=order.url,
            seed=order.seed,
            seconds=order.seconds,
            began_at=f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
        )
        self._machine = Machine(order.data_dir, order.redis_url)
        self._began = time.monotonic()
        self._stop = threading.Event()
        self.watcher = Watcher(self.clock)
        self.waiting: dict[str, int] = {}
        self.phase = "getting ready"

    def clock(self) -> float:
        return time.monotonic() - self._began

    def run(self) -> Outcome:
        """Everything, then the books and the audit. Ends within a bound; what has not settled by then is named as lost."""
        order = self.order
        self._stage = stage.build(self.run_name, order.donors)
        campaigns = self._stage.campaigns
        self.journal = Journal(
            self.run_name,
            wishes(donors=order.donors, seconds=order.seconds, seed=order.seed, campaigns=campaigns),
        )
        self._mark = f"storm-{self.run_name}-told"
        self._began = time.monotonic()
        try:
            self._blow()
            self._settle()
            self._account()
        finally:
            self._stop.set()
            self.watcher.stop()
            stage.close(self._stage)
        self._write_page()
        return self.outcome

    def tell(self, what: str, *, is_fault: bool = False) -> None:
        self.outcome.story.append(Told(self.clock(), what, is_fault))

    def _blow(self) -> None:
        """Donors, bad webhooks, refunds and faults, all at once, until every donor is served or has given up."""
        order = self.order
        self.phase = "the storm"
        events = BankEvents(order.bank_url, order.bank_key, books.last_bank_event())
        self.donors = Donors(order.url, self.journal, self._stage.accounts, self.clock, self._stop)
        attacker = Attacker(order.url, order.webhook_secret, self._mark, order.seed, events, self._stop)
        refunders = Refunders(order.url, self.journal, lambda: self._stage.staff_token, self._stop)
        threading.Thread(target=self.watcher.play, daemon=True).start()
        self.tell(
            f"{order.donors} donors come within {order.seconds:.0f} seconds, most of them to one campaign; "
            "some click twice, hang up, change their mind or send nonsense."
        )
        with ThreadPoolExecutor(4) as hands:
            crowd = hands.submit(self.donors.play)
            others = [hands.submit(each) for each in (attacker.play, refunders.play, self._break_things)]
            try:
                while not crowd.done():
                    self._look()
                others[2].result()
            finally:
                self._stop.set()
            for each in (crowd, *others):
                each.result()
        self.outcome.door = dict(attacker.door.sent)
        self.outcome.losses += attacker.door.surprises
        self._tell_of_the_crowd(sum(attacker.door.sent.values()), refunders.asked)

    def _tell_of_the_crowd(self, webhooks: int, refunds: int) -> None:
        counts, http = self.journal.counts(), headline(self.journal.answers())
        self.tell(
            f"The crowd is through: {counts['acknowledged']} gifts acknowledged, {counts['refused']} refused, "
            f"{counts['unanswered']} never answered; {http['answers_per_second']} answers a second, half within {http['p50_ms']} ms, "
            f"99 of 100 within {http['p99_ms']} ms; {http['no_answer']} requests died on the way."
        )
        self.tell(
            f"Meanwhile {webhooks} repeated, forged, late and lying webhooks and {refunds} refunds, always two for one gift."
        )
        if self.donors.throttled:
            self.tell(
                f"{self.donors.throttled} requests were throttled: start with RATE_LIMITS=off to feel the whole storm."
            )

    def _break_things(self) -> None:
        """Do to the machine what is planned, at its time."""
        if not self._machine.is_ours:
            self.tell("The processes and Valkey are not this DATA_DIR's own: they are left alone.")
            return
        for share, fault in FAULTS:
            if self._stop.wait(max(0.0, share * self.order.seconds - self.clock())):
                return
            what = self._break(fault)
            if what:
                self.tell(what, is_fault=True)

    def _break(self, fault: str) -> str:
        if fault == "flush":
            return self._machine.flush()
        if fault == "outage":
            return self._machine.outage(min(OUTAGE_SECONDS, max(2.0, self.order.seconds * 0.15)))
        return self._machine.kill(fault.removeprefix("kill "))

    def _settle(self) -> None:
        """Wait until nothing of the storm is on its way any more, and close the findings that it caused."""
        self.phase = "quiet returns"
        order = self.order
        bound = SLOW_SETTLE_SECONDS if order.seconds >= SLOW_FROM else SETTLE_SECONDS
        until = self.clock() + bound + order.donors / SLOWEST_GIFTS_PER_SECOND
        began = self.clock()
        decided: set[int] = set()
        pledge_ids = {pledge_id for entry in self.journal.entries for pledge_id in entry.pledge_ids}
        self._stop.clear()
        while True:
            now, open_findings = stage.close_findings(self._mark, pledge_ids)
            decided |= now
            self.waiting = books.waiting(self._stage.campaigns)
            is_quiet = not any(self.waiting.values()) and not open_findings
            if is_quiet or self.clock() > until:
                break
            for _ in range(4):
                self._look()
        lasted = f"{self.clock() - began:.0f} more seconds"
        if is_quiet:
            self.tell(f"Quiet after {lasted}: every gift has come to its end, nothing waits.")
        else:
            left = ", ".join(f"{number} {what}" for what, number in self.waiting.items() if number) or "nothing"
            self.tell(f"No quiet after {lasted}: {left} on the way, {open_findings} findings open.")
            self.outcome.losses.append(f"not settled within the bound: {left}; {open_findings} findings open")
        if decided:
            self.tell(f"{len(decided)} findings, which the lies had caused, were decided and closed.")

    def _look(self) -> None:
        self._show(self)
        self._stop.wait(TICK) if not self._stop.is_set() else time.sleep(TICK)

    def _account(self) -> None:
        """The journal against the books, then the audit."""
        self.phase = "the books"
        self._show(self)
        outcome = self.outcome
        outcome.counts, outcome.answers, outcome.samples = (
            self.journal.counts(),
            self.journal.answers(),
            self.watcher.samples,
        )
        outcome.lasted = self.clock()
        outcome.account = books.account_for(self.journal, self._stage.campaigns)
        outcome.losses += broken_promises(self.journal) + outcome.account.losses
        results = run_audit()
        outcome.audit = [result.as_json(explain=True) for result in results]
        for result in results:
            if not result.holds:
                first = "; ".join(str(dict(row)) for row in result.rows[:3])
                outcome.losses.append(
                    f"audit {result.check.code}, {result.check.title}: {result.error or f'{result.count} rows: {first}'}"
                )
        self.tell(outcome.verdict)

    def _write_page(self) -> None:
        folder = self.order.data_dir / "storm"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{self.order.seed}.html"
        file.write_text(page(self.outcome), encoding="utf-8")
        self.outcome.page = str(file)
