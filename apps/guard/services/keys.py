"""Hashes that tell addresses and devices apart without naming them; useless without our key."""

from __future__ import annotations

import hmac
import ipaddress
from functools import lru_cache

from django.conf import settings


def key_of(kind: str, value: str) -> str:
    secret = settings.SECRET_KEY.encode()
    return hmac.digest(secret, f"guard:{kind}:{value}".encode(errors="replace"), "sha256").hex()[:32]


@lru_cache(maxsize=4096)
def address_key(address: str) -> str:
    """One key per IPv4 address, and per IPv6 network of 64 bits, which is what one subscriber is given."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return key_of("address", address)
    if isinstance(known, ipaddress.IPv6Address):
        known = known.ipv4_mapped or ipaddress.ip_network((known, 64), strict=False).network_address
    return key_of("address", str(known))
