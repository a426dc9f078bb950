"""Secrets of endpoints: derived from the installation's key, shown when they are made, stored nowhere."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from standardwebhooks import Webhook

OVERLAP = timedelta(hours=24)


def secret_of(endpoint_id: UUID, version: int) -> str:
    """`whsec_...`, the same each time; another version is another secret."""
    named = b"webhook-endpoint:" + endpoint_id.bytes + version.to_bytes(4, "big")
    return "whsec_" + base64.b64encode(hmac.digest(settings.TRACKING_TOKEN_KEY.encode(), named, "sha256")).decode()


def signatures(*, endpoint_id: UUID, versions: list[int], webhook_id: str, at: datetime, body: str) -> str:
    """The value of `webhook-signature`: one for each version that is valid now, newest first."""
    return " ".join(Webhook(secret_of(endpoint_id, version)).sign(webhook_id, at, body) for version in versions)
