"""The read that thousands do at once: one campaign, for anyone, as ready bytes from process memory."""

from __future__ import annotations

import logging
import threading
from uuid import UUID

import redis
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.campaigns import interface as campaigns
from apps.faces.shared.jsonio import dumps
from apps.platform.actors import ANONYMOUS
from apps.platform.hotcache import HotCache

from .bodies import campaign_body

log = logging.getLogger(__name__)
_cache: HotCache[tuple[bytes, str]] = HotCache(seconds=1.0)
_listener: threading.Thread | None = None


def read_campaign(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """The campaign, or 304 for a known ETag. Raises CampaignNotFound, which is never kept."""
    _listen()
    body, etag = _cache.get(str(campaign_id), lambda: _load(campaign_id))
    return conditional(request, body, etag, cache="public, max-age=1, stale-while-revalidate=1")


def conditional(request: HttpRequest, body: bytes, etag: str, cache: str) -> HttpResponse:
    headers = {"ETag": etag, "Cache-Control": cache, "Vary": "Authorization"}
    known = request.META.get("HTTP_IF_NONE_MATCH", "")
    if known == "*" or etag in [each.strip().removeprefix("W/") for each in known.split(",")]:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(body, content_type="application/json", headers=headers)


def etag_of(campaign: campaigns.Campaign) -> str:
    return f'"{campaign.id.hex[-12:]}-{campaign.revision}-{campaign.totals_version}"'


def _load(campaign_id: UUID) -> tuple[bytes, str]:
    campaign = campaigns.get_campaign(campaign_id=campaign_id, viewer=ANONYMOUS)
    return dumps(campaign_body(campaign)), etag_of(campaign)


def _listen() -> None:
    """Hear of edits in other processes. Without Redis the copies are a second old at most."""
    global _listener
    if _listener is None or not _listener.is_alive():
        _listener = threading.Thread(target=_forget_changed, name="campaign-changes", daemon=True)
        _listener.start()


def _forget_changed() -> None:
    pause = threading.Event()
    while True:
        try:
            client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.5, health_check_interval=25)
            with client.pubsub(ignore_subscribe_messages=True) as changes:
                changes.subscribe(campaigns.CHANNEL)
                _cache.clear()
                for message in changes.listen():
                    _cache.forget(message["data"].decode())
        except redis.RedisError:
            log.warning("not hearing of campaign changes; trying again")
        pause.wait(1.0)
