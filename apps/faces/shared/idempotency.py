"""Idempotency keys as they come over HTTP."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest

from apps.platform.actors import Actor
from apps.platform.errors import Invalid


class InvalidIdempotencyKey(Invalid):
    code = "invalid-idempotency-key"
    title = "The Idempotency-Key cannot be used: send 1 to 255 printable ASCII characters."


def read_key(request: HttpRequest) -> str | None:
    """The key of `Idempotency-Key` or `X-Idempotency-Key`, None without one. Raises InvalidIdempotencyKey."""
    key = request.META.get("HTTP_IDEMPOTENCY_KEY", request.META.get("HTTP_X_IDEMPOTENCY_KEY"))
    if key is None:
        return None
    if not 1 <= len(key) <= 255 or not key.isascii() or not key.isprintable():
        raise InvalidIdempotencyKey
    return key


def fingerprint(method: str, path: str, body: bytes) -> bytes:
    """What makes two requests the same request."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).digest()


def caller_scope(actor: Actor) -> str:
    """Keys belong to a person, to an API key, or to the guests as one."""
    if actor.user_id:
        return f"user:{actor.user_id}"
    return f"key:{actor.api_key_id}" if actor.api_key_id else "guest"
