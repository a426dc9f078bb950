"""What this process stands on, asked quickly and side by side: a hanging dependency delays the answer little."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial

import psycopg
import redis
from django import db
from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from apps.outbox import interface as outbox
from apps.platform import clock, replica

BANK = "bank"  # the app, and the database that holds only it
CONNECT_SECONDS = 2
DEADLINE_SECONDS = 3.0
SWEEP_OVERDUE = timedelta(seconds=30)


class NotReady(Exception):
    """Why a dependency cannot be used; the words are shown."""


@dataclass(frozen=True)
class Dependency:
    """`matters`: whether this process is of no use without it."""

    name: str
    matters: bool
    ask: Callable[[], None]


@dataclass(frozen=True)
class Finding:
    name: str
    matters: bool
    is_up: bool
    detail: str
    latency_ms: float


def look() -> list[Finding]:
    """Ask every dependency, each in a thread of its own."""
    dependencies = [*DEPENDENCIES, *([REPLICA] if replica.is_configured() else [])]
    threads = ThreadPoolExecutor(len(dependencies), thread_name_prefix="readiness")
    try:
        started = time.monotonic()
        asked = [(each, threads.submit(_timed, each)) for each in dependencies]
        found = []
        for each, answer in asked:
            try:
                found.append(answer.result(timeout=max(0.0, started + DEADLINE_SECONDS - time.monotonic())))
            except TookTooLong:
                found.append(Finding(each.name, each.matters, False, "no answer in time", DEADLINE_SECONDS * 1000))
        return found
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def _timed(dependency: Dependency) -> Finding:
    started = time.monotonic()
    try:
        dependency.ask()
        detail, is_up = "", True
    except NotReady as reason:
        detail, is_up = str(reason), False
    except (
        db.Error,
        psycopg.Error,
        redis.RedisError,
        OSError,
    ) as error:  # messages may name hosts and users: only the kind is told
        detail, is_up = type(error).__name__, False
    return Finding(dependency.name, dependency.matters, is_up, detail, round((time.monotonic() - started) * 1000, 1))


def _query(database: str, sql: str) -> list[tuple[object, ...]]:
    """One query on a connection of its own: a pooled one could look well while no new one is to be had."""
    params = connections[database].get_connection_params() | {"connect_timeout": CONNECT_SECONDS}
    with psycopg.connect(**params) as connection:
        return connection.execute(sql).fetchall()


def _database_answers(database: str) -> None:
    _query(database, "SELECT 1")


def _redis_answers() -> None:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=0.5, retry=None)
    with client:
        client.ping()


def _migrations_applied() -> None:
    missing = 0
    for database in ("default", BANK):
        applied = set(_query(database, "SELECT app, name FROM django_migrations"))
        missing += len(_newest_migrations(database) - applied)
    if missing:
        raise NotReady(f"{missing} not applied")


@cache
def _newest_migrations(database: str) -> set[tuple[object, ...]]:
    """The last migration of each app that lives in this database."""
    return {
        (app, name) for app, name in MigrationLoader(None).graph.leaf_nodes() if (app == BANK) == (database == BANK)
    }


def _workers_sweep() -> None:
    try:
        swept_at = outbox.last_sweep_at()
    finally:
        connections["default"].close()  # this thread ends with the answer
    if swept_at is None:
        raise NotReady("no sweep yet")
    if (age := clock.now() - swept_at) > SWEEP_OVERDUE:
        raise NotReady(f"last sweep {age.total_seconds():.0f} s ago")


def _replica_follows() -> None:
    if replica.is_usable():
        return
    _database_answers(replica.ALIAS)
    lag = replica.lag_seconds()
    raise NotReady("does not follow" if lag is None else f"{lag:.0f} s behind")


# Redis carries wake-ups only, and pledges are taken without workers too: they are named, but do not make us unready.
DEPENDENCIES = (
    Dependency("database", True, partial(_database_answers, "default")),
    Dependency("bank_database", True, partial(_database_answers, BANK)),
    Dependency("migrations", True, _migrations_applied),
    Dependency("redis", False, _redis_answers),
    Dependency("workers", False, _workers_sweep),
)
REPLICA = Dependency("replica", False, _replica_follows)  # reads go to the primary meanwhile
