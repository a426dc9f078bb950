from __future__ import annotations

import logging
from functools import partial
from uuid import UUID

import redis
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)
CHANNEL = "campaigns.changed"
_client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)


def announce_change(campaign_id: UUID) -> None:
    """Once committed, tell every process to forget what it keeps of this campaign. Lost, the copies live a second."""
    transaction.on_commit(partial(_poke, str(campaign_id)), robust=True)


def _poke(campaign_id: str) -> None:
    try:
        _client.publish(CHANNEL, campaign_id)
    except redis.RedisError as error:
        log.warning("change not announced", extra={"campaign_id": campaign_id, "error": type(error).__name__})
