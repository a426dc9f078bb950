"""Which pages may open a socket here. Browsers send the cookie along whoever asks: the page's origin decides."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

Headers = Iterable[tuple[bytes, bytes]]


def is_ours(headers: Headers) -> bool:
    """True for our own pages, and for programs: they send no Origin, and no cookie that is not theirs to send."""
    found = {name.lower(): value.decode("latin-1") for name, value in headers if name.lower() in (b"origin", b"host")}
    origin = found.get(b"origin")
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
        netloc = parts.netloc.lower()
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not netloc:
        return False
    if f"{parts.scheme}://{netloc}" == settings.PUBLIC_URL:
        return True
    domain, _ = split_domain_port(netloc)
    return netloc == found.get(b"host", "").lower() and bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
