"""`make run`: databases, migrations, processes, and one place that watches them all."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from . import binaries
from .edge import write_configuration
from .environment import ROOT, base_environment, write_env
from .generation import BadScale, Generation, plan
from .process import Process, children, say
from .servers import Servers

READY_SECONDS = 90.0
RENEW_SECONDS = 60.0
SETTLE_SECONDS = 5.0
"""For requests that are under way; whoever takes longer has DRAIN_SECONDS more."""
DRAIN_SECONDS = 30.0
ROLES = ("donor", "manager", "staff")


class CannotStart(RuntimeError):
    """One line for the operator."""


class Supervisor:
    def __init__(self, data_dir: Path, port: int) -> None:
        self.data_dir, self.port = data_dir.resolve(), port
        self.servers: Servers | None = None
        self.edge: Process | None = None
        self.now = Generation()
        self.leaving: list[Process] = []
        self.stopping, self.renewal_asked = threading.Event(), threading.Event()
        self.urls: dict[str, str] = {}

    def run(self) -> int:
        """Start everything, watch it until SIGINT or SIGTERM, stop everything. Returns the exit code."""
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda *_: self.stopping.set())
        signal.signal(signal.SIGHUP, lambda *_: self.renewal_asked.set())
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
        if self.edge:
            self.edge.stop(3)
        _stop_side_by_side([*self.leaving, *self.now.processes])
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
        if not given:
            self.servers = Servers(self.data_dir)
            self.urls = self.servers.start()
        metrics = self.data_dir / "metrics"
        metrics.mkdir(exist_ok=True)
        for left in metrics.glob("*.db"):
            left.unlink()
        self.now = self._next_generation()
        self._tell_commands()

    def _next_generation(self) -> Generation:
        """The processes of code, keys and settings as they are now; the databases are brought up to them."""
        env = base_environment(self.data_dir) | self.urls | {"PROMETHEUS_MULTIPROC_DIR": str(self.data_dir / "metrics")}
        try:
            made = plan(env, f"http://127.0.0.1:{self.port}")
        except BadScale as error:
            raise CannotStart(str(error)) from None
        self._manage("prepare", env=made.env)
        self._collect_static(made.env)
        return made

    def _tell_commands(self) -> None:
        """Where `manage.py` of the same data folder finds what runs."""
        shown = {name: self.now.env[name] for name in ("PUBLIC_URL", "BANK_URL", "BANK_WEBHOOK_URL", "DEMO_MODE")}
        write_env(self.data_dir / "runtime.env", {**self.urls, **shown})

    def _manage(self, *arguments: str, env: dict[str, str]) -> None:
        """Run a command and watch over the processes meanwhile. Raises CannotStart with its last words."""
        command: list[str | Path] = [sys.executable, ROOT / "manage.py", *arguments]
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            child = subprocess.Popen(command, env=env, stdout=out, stderr=err)
            while child.poll() is None:
                if self.stopping.wait(0.05):
                    child.terminate()
                    child.wait(10)
                self._restart_dead()
            for file in (out, err):
                file.seek(0)
            for line in out.read().splitlines():
                say("manage", line)
            if child.returncode and not self.stopping.is_set():
                tail = deque(
                    err.read().strip().splitlines() or ["it said nothing"], maxlen=1 if child.returncode == 2 else 15
                )
                raise CannotStart("\n".join(tail))

    def _collect_static(self, env: dict[str, str]) -> None:
        """Collect only when a file changed since the last time."""
        files = sorted((ROOT / "static").rglob("*"))
        marks = "\n".join(f"{file} {file.stat().st_mtime_ns}" for file in files if file.is_file())
        digest = hashlib.sha256((marks + (ROOT / "requirements.txt").read_text()).encode()).hexdigest()
        stamp = self.data_dir / "static.stamp"
        if not stamp.exists() or stamp.read_text() != digest:
            self._manage("collectstatic", "--noinput", "-v0", env=env)
            stamp.write_text(digest)

    def _start_processes(self) -> None:
        configuration = self._write_edge(self.now)
        folder = self.data_dir / "edge"
        command: list[str | Path] = [binaries.nginx(), "-c", configuration, "-p", folder]
        self.edge = Process("edge", command, self.now.env, stop_signal=signal.SIGQUIT)
        for process in (self.edge, *self.now.processes):
            process.start()
        self._note_pids()

    def _write_edge(self, made: Generation) -> Path:
        return write_configuration(
            self.data_dir / "edge",
            port=self.port,
            web=made.web,
            bank=made.bank,
            live=made.live,
            static=self.data_dir / "static",
            media=Path(made.env.get("MEDIA_ROOT") or self.data_dir / "media"),
        )

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while not self.stopping.is_set():
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.now.web[0]}/readyz", timeout=3) as answer:
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
        if self.now.env["DEMO_MODE"] == "on" and not stamp.exists():
            self._manage("demo", env=self.now.env)
            if self.stopping.is_set():  # in the midst of it: the next start goes on
                return
            stamp.touch()
        sys.stdout.write(f"CareForAll is ready at {self.now.env['PUBLIC_URL']}\n")
        if self.now.env["DEMO_MODE"] == "on":
            sys.stdout.writelines(
                f"{role} {role}@careforall.example {self.now.env['DEMO_PASSWORD']}\n" for role in ROLES
            )
        sys.stdout.flush()

    def _note_pids(self) -> None:
        """Say in the data folder which process is whose, for those who look from outside."""
        pids = {"runtime": str(os.getpid())} | {each.name: str(each.pid) for each in self._everyone()}
        write_env(self.data_dir / "pids", pids)

    def _everyone(self) -> list[Process]:
        own = [self.edge, *self.now.processes] if self.edge else []
        return [*own, *(self.servers.processes if self.servers else [])]

    def _watch(self) -> None:
        while not self.stopping.wait(0.5):
            self._restart_dead()
            if self.renewal_asked.is_set():
                self.renewal_asked.clear()
                self._renew()

    def _renew(self) -> None:
        """Replace every process by one of the code, keys and settings of now: the new ones come up beside the old, the edge
        turns to them, and the old ones finish what they have begun. No request is lost; sockets come again and resume. When
        the new ones do not come up, the old ones go on."""
        say("runtime", "renewing every process")
        fresh: Generation | None = None
        try:
            fresh = self._next_generation()
            for process in fresh.processes:
                process.start()
            self._wait_for(fresh.answers, RENEW_SECONDS)
            self._turn_edge(fresh)
        except CannotStart as error:
            self._write_edge(self.now)
            _stop_side_by_side(fresh.processes if fresh else [])
            say("runtime", f"not renewed, the processes of before go on: {error}")
            return
        self.leaving, self.now = self.now.processes, fresh
        self._tell_commands()
        _stop_side_by_side(self.leaving, DRAIN_SECONDS)
        self.leaving = []
        self._note_pids()
        say("runtime", "every process is renewed")

    def _turn_edge(self, made: Generation) -> None:
        """Have nginx read its configuration anew, then wait for the requests that are under way to the processes of before;
        those workers of nginx that hold open sockets stay until these end. Raises CannotStart when nginx does not take it."""
        assert self.edge
        self._write_edge(made)
        pid = self.edge.pid
        try:
            before = children(pid)
            os.kill(pid, signal.SIGHUP)
            self._wait_for(lambda: bool(children(pid) - before), SETTLE_SECONDS)
            until = time.monotonic() + SETTLE_SECONDS
            while before & children(pid) and time.monotonic() < until and not self.stopping.wait(0.05):
                pass
        except (ProcessLookupError, FileNotFoundError):
            return  # it died, and comes back with the new configuration

    def _wait_for(self, condition: Callable[[], bool], seconds: float) -> None:
        until = time.monotonic() + seconds
        while not condition():
            if self.stopping.wait(0.1) or time.monotonic() > until:
                raise CannotStart(f"they did not answer within {seconds:.0f} seconds.")

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
        if self.edge:
            self._note_pids()


def _stop_side_by_side(processes: Sequence[Process], seconds: float = 8.0) -> None:
    stoppers = [threading.Thread(target=process.stop, args=(seconds,)) for process in processes]
    for stopper in stoppers:
        stopper.start()
    for stopper in stoppers:
        stopper.join()


def main_run() -> int:
    port = os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        sys.stderr.write(f"PORT is {port!r}: it must be a number from 1 to 65535.\n")
        return 2
    return Supervisor(Path(os.environ.get("DATA_DIR") or ROOT / ".data"), int(port)).run()
