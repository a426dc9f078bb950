"""Running copies whose surroundings can be broken: proxies before databases, broker and bank, and servers of our own."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from threading import Event
from types import TracebackType
from urllib.parse import urlsplit

import psycopg
from celery import Celery

from runtime.environment import read_env
from runtime.process import say_into
from runtime.servers import Servers
from tests.runtime.processes import descendants

from .ledger import Ledger
from .proxy import Proxy
from .stack import Stack
from .wire import Cutter

SETTINGS = ("DATABASE_URL", "BANK_DATABASE_URL", "REDIS_URL")


class FaultyStack:
    """The product between proxies. `stack` is the copy, `ledger` looks at its databases past every proxy.

    `database`, `valkey`, `bank` (the calls) and `door` (the bank's webhooks) are the proxies. With `servers_at` the
    servers' data has a folder of its own.
    """

    def __init__(self, servers_at: Path | None = None, **env: str) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="careforall-faulty-")
        folder = Path(self._scratch.name)
        say_into((folder / "servers.log").open("w"))  # stays open: the readers of the servers' lines end after them
        self.servers = Servers((servers_at or folder) / "servers")
        self.urls = self.servers.start()
        self.cutter = Cutter()
        self.database = Proxy(_address(self.urls["DATABASE_URL"]), self.cutter.watch)
        self.valkey = Proxy(_address(self.urls["REDIS_URL"]))
        through = {name: _at(self.urls[name], self.database.port) for name in SETTINGS[:2]}
        through["REDIS_URL"] = _at(self.urls["REDIS_URL"], self.valkey.port)
        self.stack = Stack(folder / "data", **through, **env)
        edge = ("127.0.0.1", self.stack.port)
        self.bank = Proxy(edge)
        self.door = Proxy(edge)
        self.stack.env |= {
            "BANK_URL": f"http://127.0.0.1:{self.bank.port}/api/v1/bank",
            "BANK_WEBHOOK_URL": f"http://127.0.0.1:{self.door.port}/api/v1/payments/webhooks/bank",
        }
        self.ledger = Ledger(self.urls["DATABASE_URL"], self.urls["BANK_DATABASE_URL"])
        self.proxies = (self.database, self.valkey, self.bank, self.door)

    def __enter__(self) -> FaultyStack:
        self.stack.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.heal()
        self.stack.stop()
        for proxy in self.proxies:
            proxy.close()
        self.servers.stop()
        self._scratch.cleanup()

    def server(self, name: str) -> int:
        """The process id of `postgres` or `valkey`."""
        return next(each.pid for each in self.servers.processes if each.name == name)

    def hang(self, name: str) -> None:
        os.kill(self.server(name), signal.SIGSTOP)

    def revive(self) -> None:
        """Start the servers again that have ended, as an operator would, until they stay."""
        until = time.monotonic() + 60
        while True:
            for process in self.servers.processes:
                if not process.is_running():
                    process.start()
            try:
                self.ledger.rows("SELECT 1")
                return
            except psycopg.Error:
                assert time.monotonic() < until, "PostgreSQL does not come back"
                Event().wait(0.3)

    def heal(self) -> None:
        for proxy in self.proxies:
            proxy.heal()
        self.cutter.disarm()
        for process in self.servers.processes:
            os.kill(process.pid, signal.SIGCONT)

    def settle(self, seconds: float = 90) -> None:
        """Heal everything, then wait until nothing waits any more. Fails with what still does."""
        self.heal()
        settle(self.stack, self.ledger, self.urls["REDIS_URL"], seconds)

    def assert_audit_holds(self) -> None:
        audit = Stack.manage(self.direct(), "audit")
        assert audit.returncode == 0, audit.stdout + audit.stderr

    def direct(self) -> Stack:
        """The same copy for commands that shall not go through the proxies."""
        direct = Stack(self.stack.data_dir)
        direct.env = self.stack.env | self.urls
        return direct


def ledger_of(stack: Stack) -> Ledger:
    """The databases of a copy that started its own."""
    found = read_env(stack.data_dir / "runtime.env")
    return Ledger(found["DATABASE_URL"], found["BANK_DATABASE_URL"])


def settle_stack(stack: Stack, seconds: float = 90) -> None:
    settle(stack, ledger_of(stack), read_env(stack.data_dir / "runtime.env")["REDIS_URL"], seconds)


def settle(stack: Stack, ledger: Ledger, redis_url: str, seconds: float) -> None:
    """Wait until nothing waits any more; after three seconds whatever has a time of its own is made due again and again."""
    timetable = Celery(broker=redis_url, set_as_current=False)
    timetable.conf.broker_transport_options = {"global_keyprefix": "celery:"}
    until, hurry_at = time.monotonic() + seconds, time.monotonic() + 3
    left: dict[str, int] = {}

    def is_quiet() -> bool:
        nonlocal hurry_at, left
        left = ledger.unfinished()
        if left and time.monotonic() > hurry_at:
            hurry_at = time.monotonic() + 3
            ledger.hurry()
            timetable.send_task("payments.reconcile_stuck", queue="money", ignore_result=True)
        assert time.monotonic() < until, f"after {seconds} s there still are {left}\n{stack.log.read_text()[-3000:]}"
        return not left and not ledger.unfinished()

    try:
        stack.wait_for(is_quiet, seconds + 5)
    finally:
        timetable.close()


def kill_server(stack: Stack, name: str) -> None:
    """kill -9 `postgres` or `valkey` of a copy that started its own, with every process below it."""
    root = stack.pid(name)
    for pid in (root, *descendants(root)):
        with suppress(ProcessLookupError):  # a server process that ended on its own meanwhile
            os.kill(pid, signal.SIGKILL)


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port


def _at(url: str, port: int) -> str:
    return url.replace(f":{urlsplit(url).port}", f":{port}", 1)
