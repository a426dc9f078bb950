"""A load of HTTP requests over connections that stay open: by wrk where it is installed, else by processes of our own.

wrk costs the machine a tenth of what Python costs it, so the figures with it say more about what is measured.
"""

from __future__ import annotations

import http.client
import itertools
import json
import multiprocessing
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

PROCESSES = 2
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
# Every request has a body out of the list and a key of its own.
_LUA = """
local prefix, count = "", 0
function setup(thread) thread:set("seed", math.random(1, 1000000000)) end
function init(args) math.randomseed(os.time() + seed); prefix = seed .. "-" .. math.random(1, 1000000000) .. "-" end
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
function request()
  count = count + 1
  wrk.headers["Idempotency-Key"] = prefix .. count
  return wrk.format(nil, nil, nil, bodies[count % #bodies + 1])
end
"""


@dataclass(frozen=True)
class Load:
    """Good answers a second, the 99th percentile of their times in milliseconds, and how many answers were not 2xx."""

    per_second: float
    p99: float
    bad: int


def press(url: str, seconds: float, *, clients: int = 32, bodies: Sequence[dict[str, object]] = ()) -> Load:
    """Ask for `url` with `clients` at once for `seconds`. With bodies: POST them in turn, each with a key of its own."""
    if wrk := shutil.which("wrk"):
        return _wrk(wrk, url, seconds, clients, bodies)
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        found = pool.starmap(_process, [(url, seconds, clients // PROCESSES, list(bodies))] * PROCESSES)
    took = sorted(each for times, _ in found for each in times)
    bad = sum(number for _, number in found)
    return Load(len(took) / seconds, took[int(len(took) * 0.99)] * 1000 if took else 0.0, bad)


def _wrk(wrk: str, url: str, seconds: float, clients: int, bodies: Sequence[dict[str, object]]) -> Load:
    command = [wrk, "--latency", "-t", "1", "-c", str(clients), "-d", f"{int(seconds)}s"]
    with tempfile.TemporaryDirectory() as folder:
        if bodies:
            script = Path(folder) / "post.lua"
            texts = ",\n".join(f"[==[{json.dumps(body)}]==]" for body in bodies)
            script.write_text(f"bodies = {{{texts}}}\n{_LUA}")
            command += ["-s", str(script)]
        told = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    total = re.search(r"(\d+) requests in ([\d.]+)(\w+)", told)
    p99 = re.search(r"99%\s+([\d.]+)(\w+)", told)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    if total is None or p99 is None:
        raise RuntimeError(told)
    failed = int(bad.group(1)) if bad else 0
    took = float(total.group(2)) * _UNITS[total.group(3)] / 1000
    return Load((int(total.group(1)) - failed) / took, float(p99.group(1)) * _UNITS[p99.group(2)], failed)


def _process(url: str, seconds: float, threads: int, bodies: list[dict[str, object]]) -> tuple[list[float], int]:
    took: list[float] = []
    bad: list[int] = []
    clients = [threading.Thread(target=_client, args=(url, seconds, bodies, took, bad)) for _ in range(threads)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return took, len(bad)


def _client(url: str, seconds: float, bodies: list[dict[str, object]], took: list[float], bad: list[int]) -> None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    turns = itertools.cycle([json.dumps(body).encode() for body in bodies] or [None])
    until = time.monotonic() + seconds
    while (begun := time.monotonic()) < until:
        raw = next(turns)
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())} if raw else {}
        connection.request("POST" if raw else "GET", parts.path, raw, headers)
        answer = connection.getresponse()
        answer.read()
        if 200 <= answer.status < 300:
            took.append(time.monotonic() - begun)
        else:
            bad.append(answer.status)


def post_at_rate(url: str, body: dict[str, object], *, per_second: float, seconds: float, clients: int = 16) -> int:
    """Post at a steady rate, whether or not earlier ones were answered. Returns how many were taken."""
    parts, raw = urlsplit(url), json.dumps(body).encode()
    number, begun, lock, taken = itertools.count(), time.monotonic(), threading.Lock(), list[int]()

    def client() -> None:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        while True:
            with lock:
                due = next(number) / per_second
            if due > seconds:
                return
            time.sleep(max(0.0, begun + due - time.monotonic()))
            headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
            connection.request("POST", parts.path, raw, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 201:
                taken.append(1)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(taken)
