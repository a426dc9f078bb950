"""Websockets: a thousand sockets on one live process, beside a bare event loop that writes as much to as many."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import psycopg
import redis

from runtime.environment import read_env
from runtime.process import free_port

from ..report import Report
from ..running import Running

SOCKETS = 1000
BURST, STEADY, STEADY_PER_SECOND = 100, 200, 20
SUBSCRIBE = '{"type":"subscribe","topics":["platform"]}'
_POST = """
    WITH taken AS (
        INSERT INTO notifications_feedcounter (id, last_seq) VALUES (1, %(number)s)
        ON CONFLICT (id) DO UPDATE SET last_seq = notifications_feedcounter.last_seq + excluded.last_seq RETURNING last_seq
    )
    INSERT INTO notifications_feedentry (id, seq, topic, type, at, data)
    SELECT uuidv7(), taken.last_seq - %(number)s + place, 'campaign:bench', 'campaign.progress', now(), %(data)s
    FROM taken, generate_series(1, %(number)s) AS place
"""


def live(running: Running, report: Report) -> None:
    """Deliveries a second, commit to frame, memory a socket: of a live process of its own beside the running product."""
    data_dir = running.stack.data_dir
    settings = os.environ | read_env(data_dir / "secrets.env") | read_env(data_dir / "runtime.env")
    settings |= {"DJANGO_SETTINGS_MODULE": "careforall.settings.dev", "DATA_DIR": str(data_dir)}
    port = free_port()
    command = [sys.executable, "-m", "careforall.live", "--port", str(port)]
    with (
        _process(command, env=settings) as process,
        psycopg.connect(settings["DATABASE_URL"], autocommit=True) as database,
    ):
        _wait_for(port, process)
        poke = _poker(settings["REDIS_URL"])
        at_rest = _memory(process.pid)
        with _clients(port, BURST, SUBSCRIBE) as clients:
            _expect(clients, "ready")
            per_socket = (_memory(process.pid) - at_rest) / SOCKETS
            _post(database, BURST)
            poke()
            burst = json.loads(_line(clients))
        with _clients(port, STEADY, SUBSCRIBE) as clients:
            _expect(clients, "ready")
            committed = {}
            for _ in range(STEADY):
                written = _post(database, 1)
                committed[written] = time.monotonic()
                poke()
                time.sleep(1 / STEADY_PER_SECOND)
            steady = json.loads(_line(clients))
    bare = _bare(size=320)
    delays = sorted(came - committed[written] for written, came in steady["came"])
    report.note(
        "websocket deliveries, 1,000 sockets, one process",
        burst["frames"] / burst["seconds"],
        "a second",
        compared_with="a bare event loop",
        reference=bare["frames"] / bare["seconds"],
        bar="0.25",
    )
    pace = f"commit to frame, 1,000 sockets, {STEADY_PER_SECOND} entries a second"
    report.note(f"{pace}: median", delays[len(delays) // 2] * 1000, "ms")
    report.note(f"{pace}: 99th percentile", delays[int(len(delays) * 0.99)] * 1000, "ms", bar="25")
    report.note("memory a websocket", per_socket, "KiB", bar="40")


def _bare(size: int) -> dict[str, Any]:
    port = free_port()
    command = [sys.executable, "-m", "bench.bare_fan_out", str(port), str(BURST), str(size)]
    with _process(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        _expect(server, "listening")
        with _clients(port, BURST) as clients:
            _expect(clients, "ready")
            assert server.stdin
            server.stdin.write("go\n")
            server.stdin.flush()
            return dict(json.loads(_line(clients)))


def _clients(port: int, frames: int, *say: str) -> AbstractContextManager[subprocess.Popen[Any]]:
    command = [sys.executable, "-m", "bench.live_clients", str(port), str(SOCKETS), str(frames), *say]
    return _process(command, stdout=subprocess.PIPE, text=True)


class _process(AbstractContextManager["subprocess.Popen[Any]"]):
    def __init__(self, command: list[str], **options: Any) -> None:
        self.process: subprocess.Popen[Any] = subprocess.Popen(command, **options)

    def __enter__(self) -> subprocess.Popen[Any]:
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()


def _post(database: psycopg.Connection[Any], number: int) -> float:
    """Commit so many entries. Returns the moment that they carry."""
    pad = {
        "campaign": "0" * 36,
        "raised_amount": 1,
        "goal_amount": 2,
        "currency": "BDT",
        "donor_count": 1,
        "version": 1,
    }
    written = round(time.monotonic(), 6)
    database.execute(_POST, {"number": number, "data": json.dumps({**pad, "t": written})})
    return written


def _poker(url: str) -> Callable[[], object]:
    client = redis.Redis.from_url(url)
    channel = f"careforall:{client.connection_pool.connection_kwargs.get('db') or 0}:feed"
    return lambda: client.publish(channel, b"")


def _wait_for(port: int, process: subprocess.Popen[Any]) -> None:
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the live process does not listen")


def _memory(pid: int) -> float:
    """KiB."""
    (line,) = (each for each in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmRSS" in each)
    return float(line.split()[1])


def _line(process: subprocess.Popen[Any]) -> str:
    assert process.stdout
    return str(process.stdout.readline())


def _expect(process: subprocess.Popen[Any], word: str) -> None:
    line = _line(process).strip()
    if line != word:
        raise RuntimeError(f"expected {word!r}, got {line!r}")
