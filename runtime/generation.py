"""The processes of the product itself, as one start makes them: on ports of their own, so that the next ones can stand beside."""

from __future__ import annotations

import re
import sys
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from .process import Process, free_port

SCALED = ("web", "live", "worker", "bulk", "scheduler")
# A web process has many threads, few of which are at the database at a time.
POOLS = {"web": {"DB_POOL": "12"}, "bank": {"DB_POOL": "16"}}
_QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
_WSGI = ["--interface", "wsgi", "--host", "127.0.0.1", "--no-ws", "--log-level", "warning", "--backlog", "1024"]
_WSGI_APPLICATION = "careforall.wsgi:application"


class BadScale(ValueError):
    """What is wrong with SCALE."""


@dataclass
class Generation:
    """`processes` are made, not started; `env` is theirs, with the addresses by which they find each other."""

    web: list[int] = field(default_factory=list)
    bank: int = 0
    live: list[int] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    processes: list[Process] = field(default_factory=list)

    def add(self, kind: str, place: int, command: list[str | Path]) -> None:
        name = kind if place == 0 else f"{kind}{place + 1}"
        env = {"OTEL_SERVICE_NAME": f"careforall-{kind}"} | POOLS.get(kind, {}) | self.env
        self.processes.append(Process(name, command, env))

    def answers(self) -> bool:
        """Whether each of them that takes requests does so."""
        return all(_is_healthy(port) for port in (*self.web, self.bank, *self.live))


def plan(env: dict[str, str], public_url: str) -> Generation:
    """As many of each kind as SCALE says (`web=2,worker=3,live=2`), one of those it does not name. Raises BadScale."""
    number = _scale(env.get("SCALE", ""))
    web, live, bank = _ports(number["web"]), _ports(number["live"]), free_port()
    addresses = {
        "PUBLIC_URL": public_url,
        "BANK_URL": f"http://127.0.0.1:{bank}/api/v1/bank",
        "BANK_WEBHOOK_URL": f"http://127.0.0.1:{web[0]}/api/v1/payments/webhooks/bank",
    }
    made = Generation(web, bank, live, addresses | env)
    granian: list[str | Path] = [Path(sys.executable).parent / "granian", *_WSGI]
    live_process: list[str | Path] = [sys.executable, "-m", "careforall.live", "--host", "127.0.0.1"]
    celery: list[str | Path] = [sys.executable, "-m", "celery", "-A", "careforall"]
    beat = ["beat", "-S", "careforall.scheduling:SlotScheduler", "--pidfile=", "--loglevel", "WARNING"]
    for place, port in enumerate(web):
        made.add(
            "web",
            place,
            [*granian, "--port", str(port), "--workers", "2", "--blocking-threads", "64", _WSGI_APPLICATION],
        )
    made.add(
        "bank", 0, [*granian, "--port", str(bank), "--workers", "1", "--blocking-threads", "32", _WSGI_APPLICATION]
    )
    for place, port in enumerate(live):
        made.add("live", place, [*live_process, "--port", str(port)])
    # What may take long has a process of its own, so that money never waits behind it.
    commands: dict[str, list[str | Path]] = {
        "worker": [*celery, "worker", "--pool", "prefork", "--concurrency", "3", "-Q", "money,webhooks", *_QUIET],
        "bulk": [*celery, "worker", "--pool", "threads", "--concurrency", "3", "-Q", "bulk", *_QUIET],
        "scheduler": [*celery, *beat],
    }
    for name, command in commands.items():
        for place in range(number[name]):
            made.add(name, place, command)
    return made


def _scale(said: str) -> dict[str, int]:
    number = dict.fromkeys(SCALED, 1)
    for part in filter(None, said.split(",")):
        match = re.fullmatch(rf"({'|'.join(SCALED)})=([1-9]|1\d)", part.strip())
        if match is None:
            raise BadScale(
                f"SCALE is {said!r}: it must be like web=2,worker=3,live=2, of {', '.join(SCALED)}, 1 to 19 each."
            )
        number[match[1]] = int(match[2])
    return number


def _ports(number: int) -> list[int]:
    return [free_port() for _ in range(number)]


def _is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=3) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
