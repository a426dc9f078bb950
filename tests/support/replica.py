"""A streaming copy of the tests' own PostgreSQL, made as an operator makes one: a base backup, then the primary's WAL."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from runtime import binaries
from runtime.process import Process, free_port
from runtime.servers import _as_user
from tests.support.stack import Stack


class Replica:
    """`port` is where it listens; `database` the one that is asked."""

    def __init__(self, folder: Path, primary: dict[str, Any]) -> None:
        self.port, self.database = free_port(), str(primary["NAME"])
        self.data = folder / "replica"
        programs = binaries.postgres_folder()
        to_primary = ["-h", str(primary["HOST"]), "-p", str(primary["PORT"]), "-U", str(primary["USER"])]
        # Tests beside us write much: what the copy still needs must not be recycled.
        where = {"host": primary["HOST"], "port": primary["PORT"], "user": primary["USER"], "dbname": "postgres"}
        with psycopg.connect(**where, autocommit=True) as own:
            own.execute("ALTER SYSTEM SET wal_keep_size = '1GB'")
            own.execute("SELECT pg_reload_conf()")
        copy = [
            *_as_user(),
            programs / "pg_basebackup",
            "-D",
            self.data,
            *to_primary,
            "-X",
            "stream",
            "-c",
            "fast",
            "-R",
        ]
        made = subprocess.run(copy, capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stderr
        settings = (
            "max_connections=200",
            "fsync=off",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "log_min_messages=fatal",
        )
        options = [part for each in settings for part in ("-c", each)]
        command = [*_as_user(), programs / "postgres", "-D", self.data, "-p", str(self.port), *options]
        self.process = Process("replica", command, dict(os.environ, LC_ALL="C.UTF-8"), stop_signal=signal.SIGINT)
        self.start()

    def start(self) -> None:
        self.process.start()
        Stack.wait_for(self._answers, 60)

    def kill(self) -> None:
        self.process.stop(0)

    def ask(self, sql: str) -> Any:
        where = f"host=127.0.0.1 port={self.port} user=careforall dbname={self.database}"
        with psycopg.connect(where, autocommit=True, connect_timeout=3) as connection:
            row = connection.execute(sql.encode()).fetchone()
        return row[0] if row else None

    def pause(self) -> None:
        """Take what is sent and show nothing of it, as a replica does that is behind."""
        self.ask("SELECT pg_wal_replay_pause()")
        Stack.wait_for(lambda: self.ask("SELECT pg_get_wal_replay_pause_state()") == "paused")

    def resume(self) -> None:
        self.ask("SELECT pg_wal_replay_resume()")

    def _answers(self) -> bool:
        try:
            return bool(self.ask("SELECT pg_is_in_recovery()"))
        except psycopg.OperationalError:
            return False


@contextmanager
def streaming(folder: Path, primary: dict[str, Any]) -> Iterator[Replica]:
    replica = Replica(folder, primary)
    try:
        yield replica
    finally:
        replica.process.stop(5)
