"""The link to a plan: 192 bits that only the server can derive from the plan's id. The table knows its hash alone."""

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

TOKEN_LENGTH = 32


def plan_token(plan_id: UUID) -> str:
    digest = hmac.digest(settings.TRACKING_TOKEN_KEY.encode(), b"plan:" + plan_id.bytes, "sha256")
    return base64.urlsafe_b64encode(digest).decode()[:TOKEN_LENGTH]


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
