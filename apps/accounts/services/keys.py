from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from apps.platform import clock
from apps.platform.actors import Actor

from .. import data
from ..errors import InvalidApiKey
from ..models import ApiKey, User, WsTicket

TICKET_LIFE = timedelta(seconds=30)
USE_NOTED_EVERY = timedelta(hours=1)


def create_api_key(*, name: str, scopes: Iterable[str]) -> tuple[data.ApiKey, str]:
    """A new key and its plain text, which is shown this once. Does not check permissions."""
    plain = "cfa_" + secrets.token_urlsafe(32)
    return ensure_api_key(key=plain, name=name, scopes=scopes), plain


def ensure_api_key(*, key: str, name: str, scopes: Iterable[str]) -> data.ApiKey:
    """Make `key` a valid key with these scopes. Repeating it changes nothing."""
    values = {"name": name, "scopes": sorted(scopes), "revoked_at": None}
    row, _ = ApiKey.objects.update_or_create(digest=_digest(key), defaults=values)
    return data.ApiKey(row.pk, row.name, frozenset(row.scopes))


def actor_from_api_key(*, key: str) -> Actor:
    """The key's actor with its scopes; notes the use once an hour. Raises InvalidApiKey."""
    row = ApiKey.objects.filter(digest=_digest(key), revoked_at=None).values("id", "scopes", "last_used_at").first()
    if row is None:
        raise InvalidApiKey
    now = clock.now()
    if row["last_used_at"] is None or row["last_used_at"] < now - USE_NOTED_EVERY:
        ApiKey.objects.filter(pk=row["id"]).update(last_used_at=now)
    return Actor(api_key_id=row["id"], scopes=frozenset(row["scopes"]))


def issue_ws_ticket(*, user_id: UUID) -> str:
    """A ticket for one websocket, good for thirty seconds."""
    ticket = secrets.token_urlsafe(24)
    WsTicket.objects.create(digest=_digest(ticket), user_id=user_id, expires_at=clock.now() + TICKET_LIFE)
    return ticket


def redeem_ws_ticket(*, ticket: str) -> UUID | None:
    """Whose ticket this is, once; None for a used, late or unknown one. Old tickets are swept on the way."""
    WsTicket.objects.filter(expires_at__lt=clock.now()).delete()
    row = WsTicket.objects.filter(digest=_digest(ticket)).first()
    if row is None or not WsTicket.objects.filter(digest=_digest(ticket)).delete()[0]:
        return None
    return row.user_id if User.objects.filter(pk=row.user_id, is_active=True).exists() else None


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
