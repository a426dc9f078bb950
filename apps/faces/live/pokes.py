"""A process's subscription to one channel of Redis. It hears that there is something to look at, nothing more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import redis.asyncio as redis
from django.conf import settings

log = logging.getLogger(__name__)
QUIET_SECONDS = 15.0
RECONNECT_SECONDS = 1.0


class Pokes:
    """`on_poke` gets what was poked, or None where any number of pokes may have been missed. `is_connected` tells whether
    pokes can be hoped for at the moment."""

    def __init__(self, channel: str, on_poke: Callable[[bytes | None], None]) -> None:
        self.is_connected = False
        self._channel = channel
        self._on_poke = on_poke

    async def listen(self) -> None:
        """Listen for ever, and connect again whenever Redis went away. What was missed meanwhile counts as a poke."""
        while True:
            try:
                await self._listen_once()
            except (redis.RedisError, OSError) as error:
                if self.is_connected:
                    log.warning("no pokes from Redis, polling instead", extra={"error": type(error).__name__})
                    self.is_connected = False
                    self._on_poke(None)  # whoever waits for a poke must not wait the long time of a line that works
                self.is_connected = False
            except Exception:  # whoever listens lives on this loop
                log.exception("listening for pokes failed")
                self.is_connected = False
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen_once(self) -> None:
        client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=5, retry=None)
        try:
            async with client.pubsub() as subscription:
                await subscription.subscribe(self._channel)
                while True:
                    message = await subscription.get_message(timeout=QUIET_SECONDS)
                    if message is None:  # a quiet line may be a dead line
                        await subscription.ping()
                    elif message["type"] in ("subscribe", "message"):
                        self.is_connected = True
                        self._on_poke(message["data"] if message["type"] == "message" else None)
        finally:
            await client.aclose()
