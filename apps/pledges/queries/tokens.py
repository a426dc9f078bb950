"""The tracking token: 192 bits that only the server can derive from a pledge's id. The table knows its hash alone."""

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

TOKEN_LENGTH = 32


def tracking_token(*, pledge_id: UUID) -> str:
    """The token of a pledge, for the answer that made it and for mails to its donor."""
    digest = hmac.digest(settings.TRACKING_TOKEN_KEY.encode(), b"tracking:" + pledge_id.bytes, "sha256")
    return base64.urlsafe_b64encode(digest).decode()[:TOKEN_LENGTH]


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()


def key_of_address(*, email: str) -> str:
    """`donor_key` for contexts above, by which they find what belongs to a proven address."""
    return donor_key(email)


def donor_key(email: str) -> str:
    """Tells donors apart without naming them: the same for one normalised address, useless without our key."""
    return hmac.digest(settings.TRACKING_TOKEN_KEY.encode(), b"donor:" + email.encode(), "sha256").hex()[:32]
