"""What is done to the machine. Only to processes that this DATA_DIR's supervisor started, and that can start them again."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import redis

OUTAGE_SECONDS = 25.0
Tell = Callable[[str], None]


class Machine:
    """The processes of one installation. `is_ours` is false where they were started by something else."""

    def __init__(self, data_dir: Path, redis_url: str) -> None:
        self._data_dir, self._redis_url = data_dir.resolve(), redis_url
        runtime = _pairs(self._data_dir / "runtime.env")
        self.has_own_cache = runtime.get("REDIS_URL") == redis_url
        self.is_ours = self.has_own_cache and self._pid("worker") is not None

    def flush(self) -> str:
        """Empty Valkey: cache, wake-ups, websocket groups."""
        if not self.has_own_cache:
            return ""
        with redis.Redis.from_url(self._redis_url, socket_timeout=3) as valkey:
            valkey.flushall()
        return "Valkey forgot everything: cached pages, wake-ups, websocket groups."

    def kill(self, name: str) -> str:
        """kill -9 of a process and its children; the supervisor brings it back."""
        pid = self._pid(name)
        if pid is None:
            return ""
        os.killpg(pid, signal.SIGKILL)
        return f"The {name} was killed (kill -9), with its children."

    def outage(self, seconds: float) -> str:
        """The bank stands still for `seconds`: connections are taken and never answered. It goes on even if we die."""
        pid = self._pid("bank")
        if pid is None:
            return ""
        revive = ["/bin/sh", "-c", f"sleep {seconds:.1f}; kill -CONT -{pid}"]
        subprocess.Popen(revive, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603  numbers only
        os.killpg(pid, signal.SIGSTOP)
        return f"The bank hangs for {seconds:.0f} seconds: it takes calls and does not answer."

    def _pid(self, name: str) -> int | None:
        """The process's id, provided that it runs for this DATA_DIR and leads its own group."""
        try:
            pid = int(_pairs(self._data_dir / "pids").get(name, ""))
            environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            is_of_here = f"DATA_DIR={self._data_dir}".encode() in environment
            return pid if is_of_here and os.getpgid(pid) == pid else None
        except (ValueError, OSError):
            return None


def _pairs(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    return {key: value for key, _, value in (line.partition("=") for line in file.read_text().splitlines())}
