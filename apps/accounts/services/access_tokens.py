"""Signs access tokens with the installation's key, and knows those that the keys before it signed.

Each token names its key (`kid`, a digest). A key that was replaced goes to JWT_SIGNING_KEY_OLD while its last tokens live.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import jwt
from django.conf import settings
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError

ALGORITHM = "HS256"


class NotOurs(Exception):
    """No token, an expired one, or one that none of our keys signed."""


def sign(claims: dict[str, Any]) -> str:
    key = settings.JWT_SIGNING_KEY
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": kid_of(key)})


def read(token: str) -> dict[str, Any]:
    """The claims of a token that holds now. Raises NotOurs."""
    known = _backends((settings.JWT_SIGNING_KEY, *settings.JWT_OLD_KEYS))
    try:
        kid = jwt.get_unverified_header(token).get("kid")
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise NotOurs from error
    # Without a name: signed by a version that named none.
    for backend in known.values() if kid is None else [known[kid]] if kid in known else []:
        try:
            return dict(backend.decode(token))  # type: ignore[arg-type]  # it takes the text of a token
        except TokenBackendError:
            continue
    raise NotOurs


@lru_cache(maxsize=16)
def kid_of(key: str) -> str:
    return hashlib.sha256(b"kid:" + key.encode()).hexdigest()[:12]


@lru_cache(maxsize=4)
def _backends(keys: tuple[str, ...]) -> dict[str, TokenBackend]:
    return {kid_of(key): TokenBackend(ALGORITHM, signing_key=key) for key in keys}
