"""`make run`: databases, migrations, processes, and one place that watches them all."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections import deque
from pathlib import Path

from . import binaries
from .edge import write_configuration
from .environment import ROOT, base_environment, write_env
from .process import Process, free_port, say
from .servers import Servers

READY_SECONDS = 90.0
ROLES = ("donor", "manager", "staff")


class CannotStart(RuntimeError):
    """One line for the operator."""


class Supervisor:
    def __init__(self, data_dir: Path, port: int) -> None:
        self.data_dir, self.port = data_dir.resolve(), port
        self.servers: Servers | None = None
        self.processes: list[Process] = []
        self.stopping = threading.Event()
        self.env: dict[str, str] = {}

    def run(self) -> int:
        """Start everything, watch it until SIGINT or SIGTERM, stop everything. Returns the exit code."""
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda *_: self.stopping.set())
        try:
            self._require_free_port()
            self._prepare()
            self._start_processes()
            self._wait_until_ready()
            self._announce()
            self._watch()
            return 0
        except (CannotStart, binaries.Missing, RuntimeError) as error:
            sys.stderr.write(f"{error}\n")
            return 2
        finally:
            self.stop()

    def stop(self) -> None:
        """Edge first, so that nothing new comes in; then the processes side by side; the databases last."""
        for process in self.processes[:1]:
            process.stop(3)
        stoppers = [threading.Thread(target=process.stop) for process in self.processes[1:]]
        for stopper in stoppers:
            stopper.start()
        for stopper in stoppers:
            stopper.join()
        if self.servers:
            self.servers.stop()

    def _require_free_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError:
                raise CannotStart(
                    f"PORT {self.port} is in use: choose another, for example `make run PORT=8010`."
                ) from None

    def _prepare(self) -> None:
        env = base_environment(self.data_dir)
        names = ("DATABASE_URL", "BANK_DATABASE_URL", "REDIS_URL")
        given = [name for name in names if env.get(name)]
        if 0 < len(given) < len(names):
            missing = ", ".join(name for name in names if name not in given)
            raise CannotStart(f"{missing} is missing: external servers need all of {', '.join(names)}.")
        urls = {}
        if not given:
            self.servers = Servers(self.data_dir)
            urls = self.servers.start()
        self.web, self.bank, self.live = free_port(), free_port(), free_port()
        public = f"http://127.0.0.1:{self.port}"
        addresses = {
            "PUBLIC_URL": public,
            "BANK_URL": f"http://127.0.0.1:{self.bank}/api/v1/bank",
            "BANK_WEBHOOK_URL": f"http://127.0.0.1:{self.web}/api/v1/payments/webhooks/bank",
        }
        self.env = addresses | env | urls
        self.metrics = self.data_dir / "metrics"
        self.metrics.mkdir(exist_ok=True)
        for left in self.metrics.glob("*.db"):
            left.unlink()
        self.env["PROMETHEUS_MULTIPROC_DIR"] = str(self.metrics)
        write_env(
            self.data_dir / "runtime.env",
            {**urls, **{name: self.env[name] for name in addresses}, "DEMO_MODE": self.env["DEMO_MODE"]},
        )
        self._manage("prepare")
        self._collect_static()

    def _manage(self, *arguments: str) -> None:
        run = subprocess.run(
            [sys.executable, ROOT / "manage.py", *arguments], env=self.env, capture_output=True, text=True, check=False
        )
        for line in run.stdout.splitlines():
            say("manage", line)
        if run.returncode:
            tail = deque(
                run.stderr.strip().splitlines() or ["it said nothing"], maxlen=1 if run.returncode == 2 else 15
            )
            raise CannotStart("\n".join(tail))

    def _collect_static(self) -> None:
        """Collect only when a file changed since the last time."""
        files = sorted((ROOT / "static").rglob("*"))
        marks = "\n".join(f"{file} {file.stat().st_mtime_ns}" for file in files if file.is_file())
        digest = hashlib.sha256((marks + (ROOT / "requirements.txt").read_text()).encode()).hexdigest()
        stamp = self.data_dir / "static.stamp"
        if not stamp.exists() or stamp.read_text() != digest:
            self._manage("collectstatic", "--noinput", "--clear", "-v0")
            stamp.write_text(digest)

    def _start_processes(self) -> None:
        media = Path(self.env.get("MEDIA_ROOT") or self.data_dir / "media")
        edge = write_configuration(
            self.data_dir / "edge",
            port=self.port,
            web=self.web,
            bank=self.bank,
            live=self.live,
            static=self.data_dir / "static",
            media=media,
        )
        python, bin_dir = sys.executable, Path(sys.executable).parent
        granian: list[str | Path] = [
            bin_dir / "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--no-ws",
            "--log-level",
            "warning",
            "--backlog",
            "1024",
        ]
        application = "careforall.wsgi:application"
        celery: list[str | Path] = [python, "-m", "celery", "-A", "careforall"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
        # What may take long has a process of its own, so that money never waits behind it.
        worker = ["worker", "--pool", "prefork", "--concurrency", "3", "-Q", "money,webhooks", *quiet]
        bulk = ["worker", "--pool", "threads", "--concurrency", "3", "-Q", "bulk", *quiet]
        commands: list[tuple[str, list[str | Path]]] = [
            ("edge", [binaries.nginx(), "-c", edge, "-p", self.data_dir / "edge"]),
            ("web", [*granian, "--port", str(self.web), "--workers", "2", "--blocking-threads", "64", application]),
            ("bank", [*granian, "--port", str(self.bank), "--workers", "1", "--blocking-threads", "32", application]),
            (
                "live",
                [python, "-m", "careforall.live", "--host", "127.0.0.1", "--port", str(self.live)],
            ),
            ("worker", [*celery, *worker]),
            ("bulk", [*celery, *bulk]),
            (
                "scheduler",
                [*celery, "beat", "-S", "careforall.scheduling:SlotScheduler", "--pidfile=", "--loglevel", "WARNING"],
            ),
        ]
        pools = {"web": {"DB_POOL": "12"}, "bank": {"DB_POOL": "16"}}
        for name, command in commands:
            env = {"OTEL_SERVICE_NAME": f"careforall-{name}"} | pools.get(name, {}) | self.env
            process = Process(name, command, env, stop_signal=signal.SIGQUIT if name == "edge" else signal.SIGTERM)
            process.start()
            self.processes.append(process)
        self._note_pids()

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while not self.stopping.is_set():
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.web}/readyz", timeout=3) as answer:
                    if answer.status == 200:
                        return
            except OSError:  # not listening yet, or a 503 that says who is missing
                self.stopping.wait(0.1)
            if time.monotonic() > until:
                raise CannotStart(
                    f"CareForAll was not ready after {READY_SECONDS:.0f} seconds; the lines above say why."
                )
            self._restart_dead()

    def _announce(self) -> None:
        if self.stopping.is_set():
            return
        stamp = self.data_dir / "demo.stamp"
        if self.env["DEMO_MODE"] == "on" and not stamp.exists():
            self._manage("demo")
            stamp.touch()
        sys.stdout.write(f"CareForAll is ready at {self.env['PUBLIC_URL']}\n")
        if self.env["DEMO_MODE"] == "on":
            sys.stdout.writelines(f"{role} {role}@careforall.example {self.env['DEMO_PASSWORD']}\n" for role in ROLES)
        sys.stdout.flush()

    def _note_pids(self) -> None:
        """Say in the data folder which process is whose, for those who look from outside."""
        write_env(self.data_dir / "pids", {each.name: str(each.pid) for each in self._everyone()})

    def _everyone(self) -> list[Process]:
        return [*self.processes, *(self.servers.processes if self.servers else [])]

    def _watch(self) -> None:
        while not self.stopping.wait(0.5):
            self._restart_dead()

    def _restart_dead(self) -> None:
        """Bring back what died: at once the first time, then after growing pauses."""
        for process in self._everyone():
            if process.is_running() or self.stopping.is_set():
                continue
            wait = process.next_pause()
            say(process.name, f"has ended; starting it again in {wait:.1f} s")
            process.stop(1)
            if not self.stopping.wait(wait):
                process.start()
        if self.processes:
            self._note_pids()


def main_run() -> int:
    port = os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        sys.stderr.write(f"PORT is {port!r}: it must be a number from 1 to 65535.\n")
        return 2
    return Supervisor(Path(os.environ.get("DATA_DIR") or ROOT / ".data"), int(port)).run()
