"""The HTTP client for providers: kept connections, hard limits on time and size, no redirects, no hidden retries."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import urllib3
from urllib3.exceptions import HTTPError

from . import context, tracing

CONNECT_SECONDS = 1.0
READ_SECONDS = 3.0
MAX_BODY = 1024 * 1024
CONNECTIONS = 32


class NoAnswer(Exception):
    """Nothing that can be read came back; whether the request was carried out is not known."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes


class HttpClient:
    """Talks to one base URL. Safe to share between threads."""

    def __init__(self, base_url: str, headers: Mapping[str, str]) -> None:
        self._base_url = base_url.rstrip("/")
        self._headers = dict(headers)
        self._pool = urllib3.PoolManager(
            maxsize=CONNECTIONS, retries=False, timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        )

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Reply:
        """Raises NoAnswer."""
        return self._request("GET", path, query=query)

    def post(self, path: str, data: Mapping[str, object], headers: Mapping[str, str] | None = None) -> Reply:
        """Send `data` as JSON. Raises NoAnswer."""
        return self._request("POST", path, body=msgspec.json.encode(data), headers=headers)

    def _request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        sent = self._headers | dict(headers or {})
        if body is not None:
            sent["Content-Type"] = "application/json"
        if request_id := context.request_id():
            sent["X-Request-ID"] = request_id
        if traceparent := tracing.outgoing():
            sent["traceparent"] = traceparent
        fields = dict(query) if query else None
        try:
            response = self._pool.request(
                method,
                self._base_url + path,
                fields=fields,
                body=body,
                headers=sent,
                preload_content=False,
                redirect=False,
            )
            try:
                return Reply(response.status, _read(response))
            except BaseException:
                response.close()
                raise
        except (HTTPError, OSError) as error:
            raise NoAnswer(type(error).__name__) from error


def _read(response: urllib3.BaseHTTPResponse) -> bytes:
    """The whole body, within the time and size of one answer."""
    until = time.monotonic() + READ_SECONDS
    parts: list[bytes] = []
    size = 0
    while part := response.read1(65536, decode_content=False):
        parts.append(part)
        size += len(part)
        if size > MAX_BODY:
            raise NoAnswer("TooLarge")
        if time.monotonic() > until:
            raise NoAnswer("TooSlow")
    response.release_conn()
    return b"".join(parts)
