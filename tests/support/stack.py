"""The whole product as real processes, for tests that look at it from outside and break it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from runtime.environment import ROOT, read_env
from runtime.process import free_port
from tests.support.otlp import Receiver

OWN = (
    "DATABASE_URL",
    "BANK_DATABASE_URL",
    "REDIS_URL",
    "DJANGO_SETTINGS_MODULE",
    "DATA_DIR",
    "DEMO_MODE",
    "PUBLIC_URL",
)
READY = "CareForAll is ready at "


class Stack:
    """`make run` on a free port and a scratch data folder. Use as a context manager; `env` overrides settings."""

    def __init__(self, data_dir: Path | None = None, **env: str) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="careforall-stack-") if data_dir is None else None
        self.data_dir = data_dir or Path(self._scratch.name)  # type: ignore[union-attr]
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        outer = {name: value for name, value in os.environ.items() if name not in OWN and not name.startswith("PYTEST")}
        self.env = outer | {"PORT": str(self.port), "DATA_DIR": str(self.data_dir), "RATE_LIMITS": "off"} | env
        self.log = self.data_dir / "stack.log"
        self.supervisor: subprocess.Popen[bytes] | None = None
        self.traces: Receiver | None = None  # where the processes send their spans, when a fixture has set one up

    def __enter__(self) -> Stack:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._scratch:
            self._scratch.cleanup()

    def start(self, seconds: float = 120.0) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        begins_at = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "runtime", "run"]
            self.supervisor = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )

        def is_up() -> bool:
            assert self.supervisor
            assert self.supervisor.poll() is None, f"the supervisor has ended:\n{self.log.read_text()[-4000:]}"
            return READY in self.log.read_text()[begins_at:]

        self.wait_for(is_up, seconds)

    def stop(self) -> int:
        """Stop as an operator would. Returns the exit code."""
        assert self.supervisor
        if self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGTERM)
        return self.supervisor.wait(40)

    def pid(self, name: str) -> int:
        """The process id of one of edge, web, bank, live, worker, scheduler, postgres, valkey."""
        return int(read_env(self.data_dir / "pids")[name])

    def kill(self, name: str) -> None:
        """kill -9 the process and its children, as a dying machine would."""
        os.killpg(self.pid(name), signal.SIGKILL)

    def manage(self, *arguments: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False, timeout=seconds
        )

    def ask(
        self, method: str, path: str, body: Any = None, *, token: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """One request to the edge: the status and the decoded JSON (or text)."""
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {
            "Content-Type": "application/json",
            **({"Authorization": f"Bearer {token}"} if token else {}),
            **(headers or {}),
        }
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=sent)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                status, raw = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, raw = error.code, error.read()
        try:
            return status, json.loads(raw or b"null")
        except ValueError:
            return status, raw.decode("utf-8", "replace")

    def secret(self, name: str) -> str:
        """One of the copy's secrets: from its environment, or made at its first start."""
        return self.env.get(name) or read_env(self.data_dir / "secrets.env")[name]

    def sign_in(self, role: str) -> str:
        """The access token of a demo sign-in."""
        password = self.secret("DEMO_PASSWORD")
        status, pair = self.ask(
            "POST", "/api/v1/auth/token", {"email": f"{role}@careforall.example", "password": password}
        )
        assert status == 200, pair
        return str(pair["access"])

    def open_campaign(self, title: str = "Boats for the haor", goal: int = 10_000_000) -> dict[str, Any]:
        """A fresh campaign in BDT that takes gifts."""
        manager, staff = self.sign_in("manager"), self.sign_in("staff")
        body = {
            "title": title,
            "category": "relief",
            "goal_amount": goal,
            "currency": "BDT",
            "summary": "s",
            "story": "s",
        }
        status, campaign = self.ask("POST", "/api/v1/campaigns", body, token=manager)
        assert status == 201, campaign
        for move, token in (("submission", manager), ("publication", staff)):
            status, campaign = self.ask("POST", f"/api/v1/campaigns/{campaign['id']}/{move}", token=token)
            assert status == 200, campaign
        return dict(campaign)

    def give(
        self, campaign_id: str, amount: int = 50_000, account: str = "4000-0000-0000-0001", key: str = "", **more: Any
    ) -> dict[str, Any]:
        """A guest's gift; returns the 201 body."""
        status, made = self.try_to_give(campaign_id, amount, account, key or str(uuid4()), **more)
        assert status == 201, made
        return dict(made)

    def try_to_give(self, campaign_id: str, amount: int, account: str, key: str, **more: Any) -> tuple[int, Any]:
        body = {
            "campaign": campaign_id,
            "amount": amount,
            "donor": {"name": "Gita Guest", "email": "gita@example.org"},
            "payment": {"provider": "bank", "account": account},
            **more,
        }
        return self.ask("POST", "/api/v1/pledges", body, headers={"Idempotency-Key": key})

    def status_of(self, gift: dict[str, Any]) -> str:
        status, tracked = self.ask("GET", f"/api/v1/donations/{gift['tracking_token']}")
        return str(tracked["status"]) if status == 200 else f"HTTP {status}"

    def raised(self, campaign_id: str) -> int:
        return int(self.ask("GET", f"/api/v1/campaigns/{campaign_id}")[1]["raised_amount"])

    def assert_audit_holds(self) -> None:
        audit = self.manage("audit")
        assert audit.returncode == 0, audit.stdout + audit.stderr

    @staticmethod
    def wait_for(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
        """The condition's first true value. Fails after `seconds`."""
        pause, until = threading.Event().wait, time.monotonic() + seconds
        while True:
            try:
                if value := condition():
                    return value
            except (OSError, KeyError, TypeError) as error:  # a process is being restarted
                if time.monotonic() > until:
                    raise AssertionError(f"not within {seconds} s") from error
            assert time.monotonic() < until, f"not within {seconds} s"
            pause(0.05)
