"""What ten, a hundred, a thousand times as many gifts cost: every page, list and total, from 10^4 gifts up to BENCH_ROWS."""

from __future__ import annotations

import http.client
import os
import re
import statistics
import subprocess
import sys
import time
from urllib.parse import urlencode, urlsplit

from runtime.environment import ROOT, read_env
from tests.support.stack import Stack

from ..generate import generate
from ..report import Report
from ..running import Running, patient_stack

SMALL, LARGE = 10_000, int(os.environ.get("BENCH_ROWS", "1000000"))
TIMES = 25
Headers = dict[str, str]


def growth(report: Report) -> None:
    """On an installation of its own, since it fills the tables behind the product's back."""
    with patient_stack() as stack:
        running = Running(stack)
        running.settle()
        donor_id = stack.ask("GET", "/api/v1/auth/me", token=stack.sign_in("donor"))[1]["id"]
        before, smallest = 0, dict[str, float]()
        for rows in _sizes():
            with running.quiet():
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
            rebuilt = _manage(stack, "rebuild", "gifts")
            report.note(f"growth: rebuilding all reports at {rows} gifts", rebuilt, "seconds")
            found = _times(running, _people(running)) | {"audit": _manage(stack, "audit") * 1000}
            smallest = smallest or found
            for name, each in found.items():
                report.note(
                    f"growth: {name} at {rows} gifts",
                    each,
                    "ms",
                    compared_with=f"at {SMALL}",
                    reference=smallest[name],
                    bar="" if name == "audit" else "1.5",
                )
            report.write()


def _sizes() -> list[int]:
    """10^4, 10^5 ... up to the largest that was asked for."""
    sizes = [SMALL]
    while sizes[-1] * 10 <= LARGE:
        sizes.append(sizes[-1] * 10)
    return sizes if sizes[-1] == LARGE else [*sizes, LARGE]


def _people(running: Running) -> dict[str, Headers]:
    """The headers of nobody, of people at the API for ten minutes, and of the same people at the site."""
    stack = running.stack
    tokens = {role: {"Authorization": f"Bearer {stack.sign_in(role)}"} for role in ("donor", "manager")}
    sessions = {f"{role} at the site": _session(running.app, stack, role) for role in ("donor", "manager", "staff")}
    return {"": {}, **tokens, **sessions}


def _session(base: str, stack: Stack, role: str) -> Headers:
    """Sign in with the form, as a browser does."""
    path, password = "/accounts/sign-in/", read_env(stack.data_dir / "secrets.env")["DEMO_PASSWORD"]
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    page, cookie = answer.read().decode(), (answer.getheader("Set-Cookie") or "").partition(";")[0]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    form = hidden | {"email": f"{role}@careforall.example", "password": password}
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request("POST", path, urlencode(form), sent)
    answer = connection.getresponse()
    answer.read()
    cookies = [value.partition(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    assert any(each.startswith("sessionid=") for each in cookies), (role, answer.status, cookies)
    return {"Cookie": "; ".join(cookies)}


def _times(running: Running, people: dict[str, Headers]) -> dict[str, float]:
    """Median milliseconds of each request at the application server, one after another."""
    campaign, slug = running.campaign["id"], running.campaign["slug"]
    with running.database() as database:
        row = database.execute("SELECT donor_key FROM reporting_donor ORDER BY gifts DESC LIMIT 1").fetchone()
    assert row
    gift, token = running.first["id"], running.first["tracking_token"]
    asked = {
        "home page": ("/?fresh", ""),
        "list of campaigns": ("/campaigns/?ordering=-raised_amount", ""),
        "campaign page": (f"/campaigns/{slug}/?fresh", ""),
        "donor wall, page": (f"/campaigns/{slug}/gifts/", ""),
        "donor wall, API": (f"/api/v1/campaigns/{campaign}/donations?page_size=50", ""),
        "campaigns, API": ("/api/v1/campaigns", ""),
        "a campaign's pledges, API": (f"/api/v1/pledges?campaign={campaign}&page_size=50", "manager"),
        "own history, API": ("/api/v1/pledges?page_size=10", "donor"),
        "own history, page": ("/accounts/gifts/", "donor at the site"),
        "tracking, API": (f"/api/v1/donations/{token}", ""),
        "tracking page": (f"/donations/{token}/", ""),
        "checkout": (f"/campaigns/{slug}/give/", ""),
        "transparency page": ("/transparency/?fresh", ""),
        "metrics": ("/metrics", ""),
        "panel: overview": ("/panel/", "manager at the site"),
        "panel: overview of staff": ("/panel/", "staff at the site"),
        "panel: campaigns": ("/panel/campaigns/", "manager at the site"),
        "panel: campaign": (f"/panel/campaigns/{campaign}/", "manager at the site"),
        "panel: gifts": ("/panel/gifts/", "manager at the site"),
        "panel: gifts, all": ("/panel/gifts/", "staff at the site"),
        "panel: gifts, a state": ("/panel/gifts/?status=captured", "staff at the site"),
        "panel: gifts, a rare state": ("/panel/gifts/?status=refunded", "staff at the site"),
        "panel: gifts, search for an address": ("/panel/gifts/?search=donor-100@example.org", "staff at the site"),
        "panel: gifts, search for a name": ("/panel/gifts/?search=Donor+100", "staff at the site"),
        "panel: gift": (f"/panel/gifts/{gift}/", "staff at the site"),
        "panel: donors": ("/panel/donors/", "manager at the site"),
        "panel: donors, all": ("/panel/donors/", "staff at the site"),
        "panel: donor": (f"/panel/donors/{row[0]}/", "staff at the site"),
        "panel: exports": ("/panel/exports/", "manager at the site"),
        "panel: findings": ("/panel/anomalies/", "staff at the site"),
        "panel: health": ("/panel/health/", "staff at the site"),
        "panel: people": ("/panel/people/", "staff at the site"),
        "panel: dead letters": ("/panel/dead-letters/", "staff at the site"),
        "panel: webhooks": ("/panel/webhooks/", "staff at the site"),
        "panel: audit trail": ("/panel/audit-trail/", "staff at the site"),
    }
    return {name: _median(running.app, path, people[who]) for name, (path, who) in asked.items()}


def _median(base: str, path: str, headers: Headers) -> float:
    parts, took = urlsplit(base), list[float]()
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
    for _ in range(TIMES):
        begun = time.monotonic()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, (path, answer.status, answer.getheader("Location"))
        took.append((time.monotonic() - begun) * 1000)
        if sum(took) > 20_000:  # slow enough to be seen without all of them
            break
    return statistics.median(took)


def _manage(stack: Stack, *arguments: str) -> float:
    """Seconds. What the audit says is printed, since it times each check."""
    begun = time.monotonic()
    command = [sys.executable, "manage.py", *arguments]
    run = subprocess.run(command, cwd=ROOT, env=stack.env, capture_output=True, text=True, check=False)
    if "audit" in arguments:
        print(run.stdout, flush=True)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    return time.monotonic() - begun
