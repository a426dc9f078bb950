"""Webhooks leave the bank here: signed as Standard Webhooks, posted over HTTP, no redirects."""

from __future__ import annotations

from functools import lru_cache

import urllib3
from django.conf import settings
from standardwebhooks import Webhook

from apps.platform import clock

_pool = urllib3.PoolManager(num_pools=4, maxsize=16, timeout=urllib3.Timeout(connect=2.0, read=5.0), retries=False)


def post_webhook(*, webhook_id: str, body: bytes) -> bool:
    """Whether the receiver took it (any 2xx). Call outside a transaction."""
    now = clock.now()
    headers = {
        "Content-Type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(now.timestamp())),
        # While a secret is replaced each webhook carries both signatures: a receiver may know either.
        "webhook-signature": " ".join(
            _signer(secret).sign(webhook_id, now, body.decode())
            for secret in (settings.BANK["WEBHOOK_SECRET"], *settings.BANK["OLD_WEBHOOK_SECRETS"])
        ),
    }
    try:
        response = _pool.request("POST", str(settings.BANK["WEBHOOK_URL"]), body=body, headers=headers, redirect=False)
    except urllib3.exceptions.HTTPError:
        return False
    return 200 <= response.status < 300


@lru_cache(maxsize=2)
def _signer(secret: str) -> Webhook:
    return Webhook(secret)
