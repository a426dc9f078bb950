"""What a hundred times as many gifts cost: every page, list and total at 10^4 gifts beside BENCH_ROWS of them."""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import time
from urllib.parse import urlsplit

from runtime.environment import ROOT
from tests.support.stack import Stack

from ..generate import generate
from ..report import Report
from ..running import Running, patient_stack

SMALL, LARGE = 10_000, int(os.environ.get("BENCH_ROWS", "1000000"))
TIMES = 40


def growth(report: Report) -> None:
    """On an installation of its own, since it fills the tables behind the product's back."""
    with patient_stack() as stack:
        running = Running(stack)
        running.settle()
        manager, donor = stack.sign_in("manager"), stack.sign_in("donor")
        donor_id = stack.ask("GET", "/api/v1/auth/me", token=donor)[1]["id"]
        before, found = 0, dict[int, dict[str, float]]()
        for rows in (SMALL, LARGE):
            took = generate(
                running.env["DATABASE_URL"],
                running.env["BANK_DATABASE_URL"],
                running.first["id"],
                donor_id=donor_id,
                first=before + 1,
                last=rows,
            )
            report.note(f"generating {rows - before} gifts", (rows - before) / took, "a second")
            before = rows
            _manage(stack, "rebuild", "gifts")
            found[rows] = _times(running, manager, donor)
            found[rows]["audit"] = _manage(stack, "audit") * 1000
        for name, large in found[LARGE].items():
            report.note(
                f"growth: {name} at {LARGE} gifts",
                large,
                "ms",
                compared_with=f"at {SMALL}",
                reference=found[SMALL][name],
                bar="" if name == "audit" else "1.5",
            )


def _times(running: Running, manager: str, donor: str) -> dict[str, float]:
    """Median milliseconds of each request at the application server, one after another."""
    campaign, slug = running.campaign["id"], running.campaign["slug"]
    asked = {
        "home page": ("/?fresh", ""),
        "list of campaigns": ("/campaigns/?ordering=-raised_amount", ""),
        "campaign page": (f"/campaigns/{slug}/?fresh", ""),
        "donor wall, page": (f"/campaigns/{slug}/gifts/", ""),
        "donor wall, API": (f"/api/v1/campaigns/{campaign}/donations?page_size=50", ""),
        "campaigns, API": ("/api/v1/campaigns", ""),
        "a campaign's pledges, API": (f"/api/v1/pledges?campaign={campaign}&page_size=50", manager),
        "own history, API": ("/api/v1/pledges?page_size=10", donor),
        "tracking, API": (f"/api/v1/donations/{running.first['tracking_token']}", ""),
        "tracking page": (f"/donations/{running.first['tracking_token']}/", ""),
        "metrics": ("/metrics", ""),
    }
    return {name: _median(running.app, path, token) for name, (path, token) in asked.items()}


def _median(base: str, path: str, token: str) -> float:
    parts, took = urlsplit(base), list[float]()
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    for _ in range(TIMES):
        begun = time.monotonic()
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, (path, answer.status)
        took.append((time.monotonic() - begun) * 1000)
    return statistics.median(took)


def _manage(stack: Stack, *arguments: str) -> float:
    begun = time.monotonic()
    command = [sys.executable, "manage.py", *arguments]
    run = subprocess.run(command, cwd=ROOT, env=stack.env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    return time.monotonic() - begun
