"""`make bench`: the hot paths of the running product beside what the same server reaches, in one run.

Figures of one machine at one time: read the ratios. The load comes from the same machine and takes its share.
"""

from __future__ import annotations

import json
import os
import platform
import time
from pathlib import Path
from typing import Any

from bench.ceiling import pledges_per_second
from bench.load import requests_per_second
from runtime.environment import read_env
from tests.support.stack import Stack

SECONDS = int(os.environ.get("BENCH_SECONDS", "10"))
RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    results: list[dict[str, Any]] = []

    def note(name: str, value: float, unit: str, compared_with: str = "", ratio: float | None = None) -> None:
        results.append(
            {
                "name": name,
                "value": round(value, 1),
                "unit": unit,
                "compared_with": compared_with,
                "ratio": ratio and round(ratio, 3),
            }
        )
        print(f"{name:<58}{value:>10.1f} {unit:<10} {f'{ratio:.3f} of {compared_with}' if ratio else ''}", flush=True)

    with Stack() as stack:
        campaign = stack.open_campaign("Bench", goal=10**12)
        first = stack.give(campaign["id"])
        stack.wait_for(lambda: stack.status_of(first) == "captured")
        reads, slowest = requests_per_second(stack.port, SECONDS, f"/api/v1/campaigns/{campaign['id']}")
        static, _ = requests_per_second(stack.port, SECONDS, "/static/css/tokens.css")
        note(
            "campaign read through the edge",
            reads,
            "a second",
            "a static file through the same edge and load",
            reads / static,
        )
        note("campaign read, 99th percentile", slowest, "ms")
        pages, slowest = requests_per_second(stack.port, SECONDS, f"/campaigns/{campaign['slug']}/")
        note("campaign page (HTML)", pages, "a second")
        ceiling = pledges_per_second(read_env(stack.data_dir / "runtime.env")["DATABASE_URL"], first["id"], SECONDS)
        note("pgbench, the same rows in one statement, 8 clients", ceiling, "a second")
        body = {
            "campaign": campaign["id"],
            "amount": 10_000,
            "donor": {"name": "Bench", "email": "bench@example.org"},
            "payment": {"provider": "bank", "account": "4000-0000-0000-0001"},
        }
        begun = time.monotonic()
        pledges, slowest = requests_per_second(stack.port, SECONDS, "/api/v1/pledges", body)
        note("POST /api/v1/pledges, workers running beside it", pledges, "a second", "pgbench", pledges / ceiling)
        note("POST /api/v1/pledges, 99th percentile", slowest, "ms")
        made = round(pledges * SECONDS)
        stack.wait_for(lambda: stack.raised(campaign["id"]) >= 50_000 + made * 10_000, 600)
        note("whole gifts, wish to visible total", made / (time.monotonic() - begun), "a second")
        stack.assert_audit_holds()
    machine = {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    RESULTS.write_text(json.dumps({"machine": machine, "results": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()
