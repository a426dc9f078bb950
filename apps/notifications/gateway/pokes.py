"""The poke: "look at the feed", "look at these inboxes". Redis carries no content, and may be gone: live processes look by
themselves too."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import cache
from uuid import UUID

import redis
from django.conf import settings

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 0.5


def channel() -> str:
    """The pub/sub channel of this installation. Redis shares channels between its databases, hence the number."""
    return _channel("feed")


def inbox_channel() -> str:
    """The channel on which inboxes are named that have something new; `poked_inboxes` reads its messages."""
    return _channel("inbox")


def poke() -> None:
    """Tell the live processes that there is something new. Never fails; a lost poke is healed by their poll."""
    _publish(channel(), b"")


def poke_inboxes(user_ids: Iterable[UUID]) -> None:
    """Tell the live processes whose inboxes have something new. Never fails; a lost poke is healed by their poll."""
    _publish(inbox_channel(), b"".join(user_id.bytes for user_id in user_ids))


def poked_inboxes(message: bytes) -> list[UUID]:
    """Whose inboxes a message on `inbox_channel` names."""
    return [UUID(bytes=message[start : start + 16]) for start in range(0, len(message) - 15, 16)]


def _channel(name: str) -> str:
    return f"careforall:{_client().connection_pool.connection_kwargs.get('db') or 0}:{name}"


def _publish(channel: str, message: bytes) -> None:
    try:
        _client().publish(channel, message)
    except redis.RedisError as error:
        log.warning("poke not sent", extra={"error": type(error).__name__})


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS, retry=None
    )
