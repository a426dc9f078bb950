"""JSON in and out of plain views: bounded, typed, and the same shapes as everywhere in the API."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse

from apps.platform.clock import rfc3339
from apps.platform.errors import Invalid, Kind, Refused

MAX_BODY = 64 * 1024
StructT = TypeVar("StructT")
_PATH = re.compile(r"`\$\.?([^`]*)`")


class RepeatedName(ValueError):
    """An object that names something twice: two readers of it could understand two things."""


class BodyTooLarge(Refused):
    code = "body-too-large"
    kind = Kind.TOO_LARGE
    title = "The body is larger than this endpoint takes."


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


# Datetimes have a form of their own here (milliseconds, Z), so they go through `_plain` before encoding.
def dumps(data: Any) -> bytes:
    """Compact JSON; times as RFC 3339 with Z, ids as strings."""
    return msgspec.json.encode(_with_times(data), enc_hook=_plain)


def _with_times(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _with_times(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_with_times(value) for value in data]
    return rfc3339(data) if isinstance(data, datetime) else data


def json_response(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(dumps(data), content_type="application/json", status=status, headers=headers)


def read_body(request: HttpRequest, limit: int = MAX_BODY) -> bytes:
    """The raw body. Raises BodyTooLarge above `limit` bytes."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > limit:
        raise BodyTooLarge(f"Send at most {limit} bytes.")
    body = request.read(limit + 1)
    if len(body) > limit:
        raise BodyTooLarge(f"Send at most {limit} bytes.")
    request._body = body  # type: ignore[attr-defined]
    return body


def refuse_repeated_names(body: bytes) -> None:
    """Raises RepeatedName for JSON whose objects repeat a name. The body must be JSON already."""
    json.loads(body, object_pairs_hook=_once_each)


def _once_each(pairs: Sequence[tuple[str, Any]]) -> None:
    if len(pairs) > 1 and len({name for name, _ in pairs}) < len(pairs):
        raise RepeatedName


def decode(body: bytes, shape: type[StructT]) -> StructT:
    """The body as a msgspec struct. Raises Invalid that names the field."""
    try:
        read = msgspec.json.decode(body or b"{}", type=shape)
        refuse_repeated_names(body or b"{}")
        return read
    except RepeatedName:
        raise Invalid.field("body", "repeated-name", "The body names something twice.") from None
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at ")
        field = _PATH.search(where)
        name = field.group(1).replace("[...]", "") if field else ""
        missing = re.search(r"required field `([^`]+)`", message)
        if missing:
            name = f"{name}.{missing.group(1)}" if name else missing.group(1)
        raise Invalid.field(name or "body", "required" if missing else "invalid", message) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid.field("body", "malformed-json", "The body is not JSON that can be read.") from None


def read_json(request: HttpRequest, shape: type[StructT], limit: int = MAX_BODY) -> StructT:
    """Read and decode the body in one go."""
    return decode(read_body(request, limit), shape)
