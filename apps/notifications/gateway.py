"""The poke: "look at the feed". Redis carries no content, and may be gone: live processes look by themselves too."""

from __future__ import annotations

import logging
from functools import cache

import redis
from django.conf import settings

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 0.5


def channel() -> str:
    """The pub/sub channel of this installation. Redis shares channels between its databases, hence the number."""
    return f"careforall:{_client().connection_pool.connection_kwargs.get('db') or 0}:feed"


def poke() -> None:
    """Tell the live processes that there is something new. Never fails; a lost poke is healed by their poll."""
    try:
        _client().publish(channel(), b"")
    except redis.RedisError as error:
        log.warning("poke not sent", extra={"error": type(error).__name__})


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS, retry=None
    )
