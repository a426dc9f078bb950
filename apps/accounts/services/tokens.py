"""Access tokens that carry their roles, refresh tokens that work once.

A refresh token is spent by one conditional UPDATE; whoever comes second kills the whole family, since one of the two
holders must be a thief (RFC 9700, 4.14.2).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from apps.outbox import interface as outbox
from apps.platform import clock, db
from apps.platform.actors import Actor
from apps.platform.ids import new_id

from ..data import TokenPair
from ..errors import InvalidRefreshToken, InvalidToken
from ..events import RefreshTokenReplayed
from ..models import RefreshFamily, RefreshToken
from ..queries import REFRESH_LIFE, get_user
from . import access_tokens

ACCESS_LIFE = timedelta(minutes=10)
_SPEND = """
    UPDATE accounts_refreshtoken AS token SET used_at = %(now)s
    FROM accounts_refreshfamily AS family, accounts_user AS person
    WHERE token.digest = %(digest)s AND token.used_at IS NULL AND token.expires_at > %(now)s
      AND family.id = token.family_id AND family.dead_at IS NULL AND person.id = family.user_id AND person.is_active
    RETURNING token.family_id, family.user_id
"""


def issue_tokens(*, user_id: UUID, user_agent: str = "") -> TokenPair:
    """A new family with its first pair; `user_agent` is what the caller's client says it is."""
    agent = "".join(each for each in user_agent if each.isprintable())[:200]
    with transaction.atomic():
        family = RefreshFamily.objects.create(user_id=user_id, user_agent=agent)
        return _pair(user_id, family.pk)


def rotate_refresh(*, refresh: str) -> TokenPair:
    """A new pair for an unused refresh token, with the roles of now.

    Raises InvalidRefreshToken; a token that was used before kills its family.
    """
    digest, now = _digest(refresh), clock.now()
    with transaction.atomic():
        spent = db.rows(_SPEND, {"digest": digest, "now": now})
        if spent and _family_lives(spent[0]["family_id"]):
            return _pair(spent[0]["user_id"], spent[0]["family_id"])
    _kill_family_of_replay(digest)
    raise InvalidRefreshToken


def revoke_refresh(*, refresh: str) -> None:
    """End the family of this token; an unknown one is no error."""
    RefreshFamily.objects.filter(refreshtoken__digest=_digest(refresh), dead_at=None).update(dead_at=clock.now())


def actor_from_access_token(*, token: str) -> Actor:
    """Who the token names, without a query: roles are as of its issue, at most ten minutes ago. Raises InvalidToken."""
    try:
        claims = access_tokens.read(token)
        if claims["token_type"] != "access":  # noqa: S105 (a name, not a secret)
            raise InvalidToken
        return Actor(user_id=UUID(claims["sub"]), roles=frozenset(claims["roles"]))
    except (access_tokens.NotOurs, KeyError, ValueError, TypeError, AttributeError):
        raise InvalidToken from None


def _pair(user_id: UUID, family_id: UUID) -> TokenPair:
    refresh, now = secrets.token_urlsafe(32), clock.now()
    RefreshToken.objects.create(family_id=family_id, digest=_digest(refresh), expires_at=now + REFRESH_LIFE)
    claims = {
        "token_type": "access",
        "sub": str(user_id),
        "roles": sorted(get_user(user_id=user_id).roles),
        "jti": str(new_id()),
        "iat": int(now.timestamp()),
        "exp": int((now + ACCESS_LIFE).timestamp()),
    }
    return TokenPair(access=access_tokens.sign(claims), refresh=refresh)


def _family_lives(family_id: UUID) -> bool:
    family = RefreshFamily.objects.select_for_update(no_key=True).get(pk=family_id)
    return family.dead_at is None


def _kill_family_of_replay(digest: bytes) -> None:
    with transaction.atomic():
        token = RefreshToken.objects.filter(digest=digest, used_at__isnull=False).select_related("family").first()
        if token and RefreshFamily.objects.filter(pk=token.family_id, dead_at=None).update(dead_at=clock.now()):
            outbox.publish(RefreshTokenReplayed(user_id=token.family.user_id, family_id=token.family_id))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
