"""The embedded PostgreSQL and Valkey of one data folder."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import IO

from . import binaries
from .process import Process, free_port, say

START_SECONDS = 60.0
PLATFORM, BANK = "careforall", "careforall_bank"


class DataFolderInUse(RuntimeError):
    """Another CareForAll runs on this data folder."""


class Servers:
    """Starts both servers on free ports of this machine alone. `is_durable` off trades safety for the speed of tests."""

    def __init__(self, data_dir: Path, *, is_durable: bool = True) -> None:
        self.data_dir, self.is_durable = data_dir.resolve(), is_durable
        self.processes: list[Process] = []
        self._lock: IO[str] | None = None

    def start(self) -> dict[str, str]:
        """Bring both up, recover what a kill left behind, and return the URLs by the names of our settings."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._lock = (self.data_dir / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataFolderInUse(f"{self.data_dir} is in use by another CareForAll: set another DATA_DIR.") from None
        postgres_port, valkey_port = free_port(), free_port()
        self._start_valkey(valkey_port)
        self._start_postgres(postgres_port)
        base = f"postgres://careforall@127.0.0.1:{postgres_port}"
        return {
            "DATABASE_URL": f"{base}/{PLATFORM}",
            "BANK_DATABASE_URL": f"{base}/{BANK}",
            "REDIS_URL": f"redis://127.0.0.1:{valkey_port}/0",
        }

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.stop()
        if self._lock:
            self._lock.close()

    def _start_postgres(self, port: int) -> None:
        folder, data = binaries.postgres_folder(), self.data_dir / "postgres"
        if not (data / "PG_VERSION").exists():
            options = ["-U", "careforall", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"]
            run = subprocess.run(
                [*_as_user(), folder / "initdb", "-D", data, *options], capture_output=True, text=True, check=False
            )
            if run.returncode:
                raise binaries.Missing(f"initdb failed: {run.stderr.strip()}")
        settings = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            "shared_buffers=64MB",
        ]
        # Neither statements nor details: both quote what people typed.
        settings += ["log_min_messages=error", "log_min_error_statement=panic", "log_error_verbosity=terse"]
        settings += [] if self.is_durable else ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        command: list[str | Path] = [
            *_as_user(),
            folder / "postgres",
            "-D",
            data,
            "-p",
            str(port),
            *(part for each in settings for part in ("-c", each)),
        ]
        until = time.monotonic() + START_SECONDS
        while True:
            process = Process("postgres", command, dict(os.environ, LC_ALL="C.UTF-8"), stop_signal=signal.SIGINT)
            process.start()
            if self._is_ready(process, data / "postmaster.pid", until):
                break
            process.stop(1)  # children of a killed postmaster may still hold the folder: try again until they are gone
            if time.monotonic() > until:
                raise binaries.Missing("PostgreSQL did not start; its lines above say why.")
            time.sleep(0.3)
        self.processes.append(process)
        for name in (PLATFORM, BANK):
            self._create_database(folder / "psql", port, name)

    def _is_ready(self, process: Process, pid_file: Path, until: float) -> bool:
        while process.is_running() and time.monotonic() < until:
            try:
                lines = pid_file.read_text().splitlines()
            except FileNotFoundError:
                lines = []
            if len(lines) >= 8 and lines[7].strip() == "ready" and int(lines[0]) == process.pid:
                return True
            time.sleep(0.02)
        return False

    def _create_database(self, psql: Path, port: int, name: str) -> None:
        base: list[str | Path] = [
            psql,
            "-q",
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            "-U",
            "careforall",
            "-d",
            "postgres",
            "-tA",
            "-c",
        ]
        exists = subprocess.run(
            [*base, f"SELECT 1 FROM pg_database WHERE datname = '{name}'"], capture_output=True, text=True, check=True
        )
        if exists.stdout.strip() != "1":
            subprocess.run([*base, f"CREATE DATABASE {name}"], check=True)

    def _start_valkey(self, port: int) -> None:
        folder = self.data_dir / "valkey"
        folder.mkdir(exist_ok=True)
        options: list[str | Path] = [
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--dir",
            folder,
            "--maxmemory-policy",
            "noeviction",
            "--loglevel",
            "warning",
        ]
        options += ["--appendonly", "yes"] if self.is_durable else ["--save", ""]
        command: list[str | Path] = [binaries.valkey(), *options]
        process = Process("valkey", command, dict(os.environ))
        process.start()
        self.processes.append(process)


def _as_user() -> list[str | Path]:
    """PostgreSQL refuses root; as root it runs as an ordinary user inside a namespace, while files stay root's."""
    if os.geteuid() != 0:
        return []
    prefix: list[str | Path] = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
        return prefix
    say("postgres", "user namespaces are forbidden here: run CareForAll as an ordinary user, or set DATABASE_URL.")
    return []
