"""The one way out for webhooks. What strangers name as their address is never trusted.

The address that was checked is the one that is connected to (a name cannot point elsewhere a moment later), private ranges
and redirects are refused, no proxy and no netrc of this machine is used, the whole call ends at a deadline, and of the
answer only a little is read. Plain http, and loopback, exist in demo mode only.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

CONNECT_SECONDS, READ_SECONDS, ALL_SECONDS = 3.0, 5.0, 10.0
MAX_ANSWER = 16 * 1024
_calls = threading.local()


@dataclass(frozen=True)
class Outcome:
    """`status` is None when nothing came back; `error` then names why."""

    status: int | None
    error: str = ""

    @property
    def is_delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def refuse_address(url: str) -> str:
    """Why this address cannot be an endpoint, empty when it can. Asks no name server: that is done at each call."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "This is not a URL."
    if not parts.hostname or parts.username or parts.password or parts.fragment or port == 0:
        return "Give a URL with a host, without sign-in and without #."
    is_local = _is_loopback(parts.hostname)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local and settings.DEMO_MODE):
        return "Give an https:// address."
    try:
        address = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return "" if not is_local or settings.DEMO_MODE else "Give an address on the internet."
    is_outside = address.is_global and not address.is_multicast
    return "" if is_outside or (is_local and settings.DEMO_MODE) else "Give an address on the internet."


def post(url: str, body: bytes, headers: dict[str, str], *, seconds: float = ALL_SECONDS) -> Outcome:
    """Deliver once. Never raises; takes `seconds` at most, the name server's own time apart."""
    if refuse_address(url):
        return Outcome(None, "address-refused")
    _calls.sockets, has_ended = [], threading.Event()
    watchdog = threading.Timer(seconds, _hang_up, [_calls.sockets, has_ended])
    watchdog.daemon = True
    watchdog.start()
    try:
        with _session() as session:
            answer = session.post(url, data=body, headers=headers, stream=True, allow_redirects=False)
            if has_ended.is_set():  # a head cut off by us may still read like an answer
                return Outcome(None, "timeout")
            _read_a_little(answer)
            return Outcome(answer.status_code, "" if answer.ok else f"http-{answer.status_code}")
    except InvalidIPAddress:
        return Outcome(None, "address-refused")
    except requests.Timeout:
        return Outcome(None, "timeout")
    except requests.exceptions.SSLError:
        return Outcome(None, "tls-failed")
    except (requests.RequestException, OSError, ValueError):
        return Outcome(None, "timeout" if has_ended.is_set() else "no-answer")
    finally:
        watchdog.cancel()


def _session() -> HTTPSession:
    session = HTTPSession(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=settings.DEMO_MODE,
            never_redirect=True,
            default_timeout=(CONNECT_SECONDS, READ_SECONDS),
            user_agent_override="CareForAll-Webhooks/1",
        )
    )
    session.trust_env = False
    for scheme in ("http", "https"):
        session.mount(f"{scheme}://", _Adapter(is_https_proto=scheme == "https", allow_loopback=settings.DEMO_MODE))
    return session


def _read_a_little(answer: requests.Response) -> None:
    """Enough for a polite end; what is longer or slower is left."""
    until, size = time.monotonic() + READ_SECONDS, 0
    for part in answer.iter_content(4096):
        size += len(part)
        if size > MAX_ANSWER or time.monotonic() > until:
            return


def _hang_up(sockets: list[Any], has_ended: threading.Event) -> None:
    """Wake the thread that waits for a drop at a time: a read on a shut socket ends."""
    has_ended.set()
    for each in sockets:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


class _PlainConnection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _calls.sockets.append(self.sock)


class _SecureConnection(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _calls.sockets.append(self.sock)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(IPFilterAdapter):
    """The checking adapter, whose sockets the watchdog knows."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
