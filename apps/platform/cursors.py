"""Keyset cursors: opaque to callers, the last row's sort values to us."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from .errors import Invalid


def encode_cursor(*values: Any) -> str:
    return (
        base64.urlsafe_b64encode(json.dumps(values, default=str, separators=(",", ":")).encode()).decode().rstrip("=")
    )


def decode_cursor(cursor: str, length: int) -> list[Any]:
    """The values of a cursor. Raises Invalid for one that we did not make."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, UnicodeError, RecursionError):
        values = None
    if not isinstance(values, list) or len(values) != length:
        raise Invalid.field("cursor", "invalid", "Use a cursor from `next` or `previous`, unchanged.")
    return values
