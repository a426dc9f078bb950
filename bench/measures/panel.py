"""The panel over a million gifts: each screen a manager or staff would open, its slowest answer, and what it costs in memory."""

from __future__ import annotations

import http.client
import os
import re
import statistics
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from runtime.environment import read_env

from ..panel_rows import RARE_EMAIL, RARE_NAME, fill
from ..report import Report
from ..running import Running, patient_stack
from .growth import _manage
from .rest import _tree

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
TIMES = 7
EXPORT_SECONDS = 900


class Visitor:
    """Somebody signed in at the application server, with a session as a browser has one."""

    def __init__(self, running: Running, role: str) -> None:
        parts = urlsplit(running.app)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        self._cookies: dict[str, str] = {}
        password = read_env(running.stack.data_dir / "secrets.env")["DEMO_PASSWORD"]
        status, _ = self.post("/accounts/sign-in/", {"email": f"{role}@careforall.example", "password": password})
        assert status == 302, (role, status)

    def get(self, path: str) -> tuple[int, bytes]:
        return self._ask("GET", path, "")

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, bytes]:
        """Reads the form first, as browsers do, and sends its token along."""
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path)[1])
        assert found, path
        return self._ask("POST", path, urlencode(fields | {"csrfmiddlewaretoken": found.group(1).decode()}))

    def _ask(self, method: str, path: str, body: str) -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://localhost{path}"}
        self._connection.request(method, path, body or None, headers)
        answer = self._connection.getresponse()
        raw = answer.read()
        for each in answer.headers.get_all("Set-Cookie") or []:
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(each).items()}
        return answer.status, raw


def panel(report: Report) -> None:
    """On an installation of its own, since it fills the tables behind the product's back."""
    with patient_stack() as stack:
        running = Running(stack)
        running.settle()
        report.note(f"panel: COPY of {ROWS} gifts", ROWS / fill_up(running), "a second")
        for name in ("daily_totals", "campaign_funnel", "donors"):
            report.note(f"panel: rebuild {name} of {ROWS} gifts", _manage(stack, "rebuild", name), "seconds")
        with running.database() as connection:
            connection.execute("VACUUM ANALYZE reporting_donor")
        visitors = {role: Visitor(running, role) for role in ("staff", "manager")}
        web = _pids(running, "web")
        for visitor in visitors.values():
            visitor.get("/panel/")
        before = _fresh_peaks(web)
        slowest = 0.0
        for role, visitor in visitors.items():
            for name, path in screens(running, visitor).items():
                median, most = _times(visitor, path)
                slowest = max(slowest, most)
                report.note(f"panel: {name}, {role}", median, "ms", compared_with=f"slowest {most:.0f} ms", bar="1000")
        report.note("panel: slowest answer of all", slowest, "ms", bar="1000")
        report.note("panel: memory that screens added to a web process", _peak(web) - before, "MB", bar="64")
        for format in ("csv", "xlsx"):
            _export(running, report, visitors["staff"], format)


def fill_up(running: Running) -> float:
    return fill(running.env["DATABASE_URL"], running.campaign["id"], ROWS)


def screens(running: Running, visitor: Visitor) -> dict[str, str]:
    campaign, gifts = running.campaign["id"], "/panel/gifts/"
    with running.database() as connection:
        row = connection.execute(
            "SELECT donor_key, pledge_id FROM reporting_gift WHERE donor_email LIKE 'donor%' ORDER BY created_at LIMIT 1"
        ).fetchone()
    assert row
    second = re.search(rb'rel="next" href="([^"]+)"', visitor.get(gifts)[1])
    assert second
    return {
        "overview": "/panel/",
        "overview, a year": "/panel/?days=365",
        "gifts": gifts,
        "gifts, second page": gifts + second.group(1).decode().replace("&amp;", "&"),
        "gifts, last page": gifts + "?cursor=last",
        "gifts by e-mail": f"{gifts}?search={quote(RARE_EMAIL)}",
        "gifts by part of an address": f"{gifts}?search=donor4711",
        "gifts by a rare name": f"{gifts}?search={quote(RARE_NAME.split()[1])}",
        "gifts by a frequent name": f"{gifts}?search=Rahim",
        "gifts by two frequent names": f"{gifts}?search={quote('Rahim Ahmed')}",
        "gifts by a name nobody has": f"{gifts}?search=Quetzalcoatl",
        "gifts by id": f"{gifts}?search={row[1]}",
        "gifts by amount": f"{gifts}?search=500",
        "gifts by reference": f"{gifts}?search=hold-fff",
        "gifts given back": f"{gifts}?status=refunded",
        "gifts given back of a campaign": f"{gifts}?status=refunded&campaign={campaign}",
        "gifts of a campaign by a rare name": f"{gifts}?search={quote(RARE_NAME)}&campaign={campaign}",
        "gifts of a campaign, last page": f"{gifts}?campaign={campaign}&cursor=last",
        "gifts of a year ago": f"{gifts}?since=2025-01-01&until=2025-12-31",
        "campaigns": "/panel/campaigns/",
        "a campaign's dashboard": f"/panel/campaigns/{campaign}/",
        "donors": "/panel/donors/",
        "donors, last page": "/panel/donors/?cursor=last",
        "donors by e-mail": f"/panel/donors/?search={quote(RARE_EMAIL)}",
        "donors by a rare name": f"/panel/donors/?search={quote(RARE_NAME)}",
        "donors by a frequent name": "/panel/donors/?search=Rahim",
        "a donor": f"/panel/donors/{row[0]}/",
        "a gift": f"/panel/gifts/{running.first['id']}/",
        "exports": "/panel/exports/",
    }


def _times(visitor: Visitor, path: str) -> tuple[float, float]:
    """Median and most of some requests, in milliseconds; the first, with cold caches, among them."""
    took = []
    for _ in range(TIMES):
        begun = time.monotonic()
        status, _raw = visitor.get(path)
        took.append((time.monotonic() - begun) * 1000)
        assert status == 200, (path, status)
    return statistics.median(took), max(took)


def _export(running: Running, report: Report, visitor: Visitor, format: str) -> None:
    """Asking for the file as somebody would, then its making, and the peak of the process that made it."""
    bulk = _pids(running, "bulk")
    before = _fresh_peaks(bulk)
    begun = time.monotonic()
    status, _ = visitor.post("/panel/exports/", {"format": format})
    assert status == 302, status
    report.note(f"panel: asking for {format}", (time.monotonic() - begun) * 1000, "ms", bar="1000")
    with running.database() as connection:

        def is_done() -> bool:
            row = connection.execute("SELECT status FROM reporting_export ORDER BY created_at DESC LIMIT 1").fetchone()
            assert row
            assert row[0] != "failed"
            return bool(row[0] == "done")

        running.stack.wait_for(is_done, EXPORT_SECONDS)
    took = time.monotonic() - begun
    report.note(f"panel: {format} of {ROWS} gifts", ROWS / took, "rows/s", compared_with=f"{took:.0f} s in all")
    report.note(f"panel: memory that {format} added to the worker", _peak(bulk) - before, "MB", bar="64")


def _pids(running: Running, name: str) -> list[int]:
    """The process and those that it started."""
    return [pid for root in running.pids(name) for pid in _tree(root)]


def _fresh_peaks(pids: list[int]) -> float:
    """Forget the peaks so far; the largest resident size now, in MB."""
    for pid in pids:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    return _peak(pids)


def _peak(pids: list[int]) -> float:
    found = [re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in pids]
    return max((int(each.group(1)) / 1024 for each in found if each), default=0.0)
