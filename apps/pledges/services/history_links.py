"""A guest's way to all gifts of an address: asked for by anyone, mailed to the address alone, good once and for an hour."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.outbox import interface as outbox
from apps.platform import clock, db, text
from apps.platform.errors import Invalid
from apps.platform.ids import new_id

from ..data import HistoryLink
from ..errors import HistoryLinkInvalid
from ..events import HistoryRequested
from ..queries.tokens import TOKEN_LENGTH, donor_key

LIFE = timedelta(hours=1)
_ASK = """
    INSERT INTO pledges_historylink (id, email, donor_key, language, digest, expires_at)
    VALUES (%(id)s, %(email)s, %(key)s, %(language)s, %(digest)s, %(expires_at)s)
"""
_WAITING = """
    SELECT link.email, link.language FROM pledges_historylink AS link
    WHERE link.id = %(id)s AND link.used_at IS NULL AND link.expires_at > %(now)s
      AND EXISTS (
          SELECT 1 FROM pledges_pledge AS pledge JOIN pledges_donor AS donor ON donor.pledge_id = pledge.id
          WHERE pledge.donor_key = link.donor_key)
"""
_OPEN = """
    UPDATE pledges_historylink SET used_at = %(now)s, email = ''
    WHERE digest = %(digest)s AND used_at IS NULL AND expires_at > %(now)s RETURNING donor_key
"""


def request_history(*, email: str, language: str = "") -> None:
    """Take the wish to see all gifts of an address. Says nothing and does the same work, whether there are gifts or none.

    Publishes HistoryRequested. Raises Invalid for what is no address.
    """
    try:
        address = text.normalise_email(email)
    except ValueError as error:
        raise Invalid.field("email", "invalid", str(error)) from None
    request_id = new_id()
    with transaction.atomic():
        db.execute(
            _ASK,
            {
                "id": request_id,
                "email": address,
                "key": donor_key(address),
                "language": language[:8],
                "digest": _digest(_token(request_id)),
                "expires_at": clock.now() + LIFE,
            },
        )
        outbox.publish(HistoryRequested(request_id=request_id))


def history_link(*, request_id: UUID) -> HistoryLink | None:
    """Where the link goes and what it is made of; None when the address has no gifts, or it was used or is too old.

    For the letter alone: whoever holds the token sees the gifts.
    """
    found = db.rows(_WAITING, {"id": request_id, "now": clock.now()})
    return HistoryLink(**found[0], token=_token(request_id)) if found else None


def open_history(*, token: str) -> str:
    """Spend a link: the key under which `gifts_of_address` lists. Raises HistoryLinkInvalid, also the second time."""
    found = []
    if len(token) == TOKEN_LENGTH:
        found = db.rows(_OPEN, {"digest": _digest(token), "now": clock.now()})
    if not found:
        raise HistoryLinkInvalid
    return str(found[0]["donor_key"])


def forget_history_links() -> int:
    """Delete links that are too old, with the addresses in them."""
    return db.execute("DELETE FROM pledges_historylink WHERE expires_at < %s", [clock.now()])


def _token(request_id: UUID) -> str:
    digest = hmac.digest(settings.TRACKING_TOKEN_KEY.encode(), b"history:" + request_id.bytes, "sha256")
    return base64.urlsafe_b64encode(digest).decode()[:TOKEN_LENGTH]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
