"""`make bench`: the running product beside what the same machine reaches, each as a ratio in one run.

BENCH_ONLY=name,name picks measures, BENCH_SECONDS sets how long each load lasts. bench/README.md says what each one means.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from functools import partial

from .measures import gifts, growth, live, outbox, panel, requests, rest
from .report import Report
from .running import Running, patient_stack

# The order matters: memory while all is fresh, what spoils the totals after the audit, what leaves a long queue at the end.
ON_A_STACK: dict[str, Callable[[Running, Report], None]] = {
    "memory": rest.memory,
    "reads": requests.reads,
    "gifts": gifts.gifts,
    "captured": gifts.captured,
    "live": live.live,
    "audit": gifts.audit,
    "lag": outbox.lag,
    "drain": outbox.drain,
    "hot": requests.hot,
    "pledges": requests.pledges,
}
ALONE: dict[str, Callable[[Report], None]] = {
    "start": rest.second_start,
    "panel": panel.panel,
    "growth": growth.growth,
}


def main() -> int:
    asked = [each for each in os.environ.get("BENCH_ONLY", "").split(",") if each]
    names = [*ON_A_STACK, *ALONE]
    if unknown := [each for each in asked if each not in names]:
        sys.stderr.write(f"BENCH_ONLY names {', '.join(unknown)}: choose from {', '.join(names)}.\n")
        return 2
    chosen = [each for each in names if not asked or each in asked]
    report = Report()
    failed: list[str] = []

    def run(name: str, measure: Callable[[], None]) -> None:
        """One that fails says so and does not keep the others from being measured."""
        try:
            measure()
        except Exception:  # noqa: BLE001
            failed.append(name)
            traceback.print_exc()
        report.write()

    if on_a_stack := [each for each in chosen if each in ON_A_STACK]:
        with patient_stack() as stack:
            running = Running(stack)
            for name in on_a_stack:
                run(name, partial(ON_A_STACK[name], running, report))
    for name in chosen:
        if name in ALONE:
            run(name, partial(ALONE[name], report))
    if failed:
        sys.stderr.write(f"Not measured: {', '.join(failed)}.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
