from __future__ import annotations

import hmac
from collections.abc import Collection

from django.conf import settings

from apps.platform import clock, db
from apps.platform.text import normalise_email

_MARK = """
    INSERT INTO notifications_bounce (address_hash, reason, at) VALUES (%s, %s, %s)
    ON CONFLICT (address_hash) DO UPDATE SET reason = excluded.reason, at = excluded.at
"""


def mark_bounced(*, address: str, reason: str) -> None:
    """Remember that this address takes no mail: from now on it gets only what its owner asks for (a reset, a link).

    Raises ValueError for what is no address.
    """
    db.execute(_MARK, [_hash(normalise_email(address)), reason[:200], clock.now()])


def unmark_bounced(*, address: str) -> None:
    """The address works again."""
    db.execute("DELETE FROM notifications_bounce WHERE address_hash = %s", [_hash(address.lower())])


def bounced(addresses: Collection[str]) -> set[str]:
    """Those of the addresses that are known to take no mail. One query."""
    hashes = {_hash(each.lower()): each for each in addresses}
    found = db.rows("SELECT address_hash FROM notifications_bounce WHERE address_hash = ANY(%s)", [list(hashes)])
    return {hashes[bytes(row["address_hash"])] for row in found}


def _hash(address: str) -> bytes:
    return hmac.digest(settings.TRACKING_TOKEN_KEY.encode(), b"address:" + address.encode(), "sha256")
