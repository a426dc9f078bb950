"""Marks in Redis that save work and never decide anything: lost or unreachable, all that is lost is the saving."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

import redis
from django.conf import settings
from django.db import connections

log = logging.getLogger(__name__)
Value = TypeVar("Value")
AWAY_SECONDS = 2.0
_away_until = 0.0
# Let go of a mark only while it is still our own.
_LET_GO = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"


def mark(name: str, *, seconds: float, value: str = "1") -> bool:
    """Set the mark for `seconds`. Returns whether it was not there before; True as well when Redis is away."""
    return _try(lambda client: bool(client.set(_key(name), value, nx=True, px=int(seconds * 1000))), True)


def renew(name: str, *, seconds: float) -> None:
    """Set the mark for `seconds` from now, whether it was there or not."""
    _try(lambda client: client.set(_key(name), "1", px=int(seconds * 1000)), None)


def is_marked(name: str, *, when_away: bool = False) -> bool:
    """Whether the mark is set; `when_away` when Redis cannot say."""
    return _try(lambda client: bool(client.exists(_key(name))), when_away)


def is_there() -> bool:
    """Whether Redis answers."""
    return _try(lambda client: bool(client.ping()), False)


def clear(name: str) -> None:
    _try(lambda client: client.delete(_key(name)), None)


def let_go(name: str, *, value: str) -> None:
    """Clear the mark if it still has this value."""
    _try(lambda client: client.eval(_LET_GO, 1, _key(name), value), None)


def was_away() -> bool:
    """Whether Redis was away a moment ago: one that hangs must not be waited for at every step."""
    return time.monotonic() < _away_until


def note_away() -> None:
    """Nobody in this process asks Redis for a moment."""
    global _away_until
    _away_until = time.monotonic() + AWAY_SECONDS


def _try(ask: Callable[[Any], Value], otherwise: Value) -> Value:
    """Ask, unless Redis was away a moment ago."""
    if was_away():
        return otherwise
    try:
        return ask(_client(settings.REDIS_URL))
    except redis.RedisError as error:
        note_away()
        log.warning("hint not kept", extra={"error": type(error).__name__})
        return otherwise


def _key(name: str) -> str:
    """Marks belong to a database: installations and test processes may share a Redis."""
    return f"hint:{connections['default'].settings_dict['NAME']}:{name}"


@lru_cache(maxsize=2)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5, health_check_interval=30)
