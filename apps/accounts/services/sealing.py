"""Secrets at rest: sealed with a key that is derived from SECOND_FACTOR_KEY and stands in no database and no backup."""

from __future__ import annotations

import base64
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(secret: str) -> str:
    return Fernet(base64.urlsafe_b64encode(_key("seal"))).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str | None:
    """The secret; None when it was sealed with another key, as after SECOND_FACTOR_KEY changed."""
    try:
        return Fernet(base64.urlsafe_b64encode(_key("seal"))).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def keyed_digest(secret: str) -> bytes:
    """A hash that nobody can try codes against who has the database alone."""
    return hmac.digest(_key("digest"), secret.encode("utf-8", "replace"), "sha256")


def _key(purpose: str) -> bytes:
    return _derived(settings.SECOND_FACTOR_KEY, purpose)


@lru_cache(maxsize=8)
def _derived(master: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=f"careforall.second-factor.{purpose}".encode()).derive(
        master.encode()
    )
