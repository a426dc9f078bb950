"""One child process: its output goes line by line to ours, and it dies with us."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)
_write = threading.Lock()
_out: IO[str] | None = None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> set[int]:
    """The processes that `pid` itself has started and that run."""
    return {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def say(name: str, line: str) -> None:
    with _write:
        out = _out or sys.stdout
        out.write(f"{name:<9}| {line}\n")
        out.flush()


def say_into(out: IO[str]) -> None:
    """From now on the lines of all children go to this file instead of the standard output."""
    global _out
    _out = out


class Process:
    """`command` under the name that its log lines carry; `stop_signal` ends it kindly."""

    def __init__(
        self, name: str, command: Sequence[str | Path], env: dict[str, str], *, stop_signal: int = signal.SIGTERM
    ) -> None:
        self.name, self.command, self.env, self.stop_signal = name, [str(part) for part in command], env, stop_signal
        self.child: subprocess.Popen[bytes] | None = None
        self._started: list[float] = []

    def next_pause(self) -> float:
        """Seconds to wait before the next start: more the more often it was started in the last minute."""
        recent = [at for at in self._started if at > time.monotonic() - 60]
        return 0.0 if len(recent) < 2 else min(10.0, 0.5 * 2 ** len(recent))

    def start(self) -> None:
        self._started.append(time.monotonic())
        self.child = subprocess.Popen(
            self.command,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent(self.stop_signal),
        )
        threading.Thread(target=self._forward, args=(self.child,), daemon=True).start()

    @property
    def pid(self) -> int:
        assert self.child
        return self.child.pid

    def is_running(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def stop(self, seconds: float = 8.0) -> None:
        """Ask, wait, and kill the whole group when it does not listen."""
        if self.child is None:
            return
        if self.is_running():
            self.child.send_signal(self.stop_signal)
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                say(self.name, "did not stop in time: killed")
        try:
            os.killpg(self.child.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.child.wait(5)

    def _forward(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdout
        for raw in child.stdout:
            say(self.name, raw.decode("utf-8", "replace").rstrip())


def _die_with_parent(stop_signal: int) -> Callable[[], None]:
    """Asked to stop, not killed: a killed granian would leave its own workers behind, for the kernel tells only it."""
    parent = os.getpid()

    def prepare() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, stop_signal)
        if os.getppid() != parent:
            os._exit(1)

    return prepare
