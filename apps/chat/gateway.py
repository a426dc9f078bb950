"""The poke: "look at this room". Redis carries no content, and may be gone: live processes look by themselves too."""

from __future__ import annotations

import logging
from functools import cache
from uuid import UUID

import redis
from django.conf import settings

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 0.5
WHO = b"?"


def channel() -> str:
    """The pub/sub channel of this installation. Redis shares channels between its databases, hence the number."""
    return f"careforall:{_client().connection_pool.connection_kwargs.get('db') or 0}:chat"


def poke(room_id: UUID, *, who: bool = False) -> None:
    """Tell the live processes that something in the room changed, or who is there. Never fails; their poll heals losses."""
    try:
        _client().publish(channel(), room_id.bytes + (WHO if who else b""))
    except redis.RedisError as error:
        log.warning("poke not sent", extra={"error": type(error).__name__})


def read_poke(poked: bytes) -> tuple[UUID, bool]:
    """The room of a poke, and whether it is about who is there. Raises ValueError for anything else."""
    return UUID(bytes=poked[:16]), poked[16:] == WHO


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS, retry=None
    )
