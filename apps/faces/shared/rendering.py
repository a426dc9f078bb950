"""REST framework's way in and out, in the same shapes as the plain views."""

from __future__ import annotations

from typing import Any

import msgspec
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from apps.platform.errors import Invalid

from .jsonio import MAX_BODY, BodyTooLarge, RepeatedName, dumps, refuse_repeated_names


class PlainJSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else dumps(data)


class BoundedJSONParser(BaseParser):
    """A JSON object of at most `max_body` bytes, which a view may set for itself."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        limit = getattr((parser_context or {}).get("view"), "max_body", MAX_BODY)
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise BodyTooLarge(f"Send at most {limit} bytes.")
        try:
            data = msgspec.json.decode(body)
            refuse_repeated_names(body)
        except RepeatedName:
            raise Invalid.field("body", "repeated-name", "The body names something twice.") from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise ParseError("The body is not JSON that can be read.") from None
        if not isinstance(data, dict):
            raise ParseError("The body must be a JSON object.")
        return data
