"""A load of HTTP requests from processes of their own, over connections that stay open."""

from __future__ import annotations

import http.client
import json
import multiprocessing
import threading
import time
from uuid import uuid4

PROCESSES, THREADS = 2, 16


def requests_per_second(
    port: int, seconds: float, path: str, body: dict[str, object] | None = None
) -> tuple[float, float]:
    """Answers of 2xx a second, and the 99th percentile in milliseconds. With a body: POST, each with a key of its own."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        found = pool.starmap(_process, [(port, seconds, path, body)] * PROCESSES)
    took = sorted(each for times in found for each in times)
    return len(took) / seconds, took[int(len(took) * 0.99)] * 1000 if took else 0.0


def _process(port: int, seconds: float, path: str, body: dict[str, object] | None) -> list[float]:
    took: list[float] = []
    threads = [threading.Thread(target=_client, args=(port, seconds, path, body, took)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def _client(port: int, seconds: float, path: str, body: dict[str, object] | None, took: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    raw = json.dumps(body).encode() if body else None
    until = time.monotonic() + seconds
    while (begun := time.monotonic()) < until:
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())} if raw else {}
        connection.request("POST" if raw else "GET", path, raw, headers)
        answer = connection.getresponse()
        answer.read()
        if 200 <= answer.status < 300:
            took.append(time.monotonic() - begun)
