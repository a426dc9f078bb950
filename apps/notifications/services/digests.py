"""The daily digest: one letter a day to those who have unread messages of kinds that they want there, in their morning."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.platform import clock, db

from ..models import Recipient
from ..queries.preferences import recipients
from .write_letters import NewLetter, write_letters

MORNING = 8
COVERS = timedelta(hours=24)
PEOPLE = 1_000
_WAITING = """
    SELECT user_id FROM notifications_inboxentry
    WHERE in_digest AND read_at IS NULL AND at > %(since)s AND user_id > %(after)s
    UNION SELECT user_id FROM notifications_inboxentry
    WHERE in_digest AND NOT is_live AND at > %(since)s AND user_id > %(after)s
    ORDER BY user_id LIMIT %(limit)s
"""
# One digest a person and local day, however many schedulers run.
_CLAIM = """
    INSERT INTO notifications_recipient AS recipient (user_id, language, time_zone, digest_on)
    VALUES (%(user)s, '', 'UTC', %(today)s)
    ON CONFLICT (user_id) DO UPDATE SET digest_on = excluded.digest_on
        WHERE recipient.digest_on IS NULL OR recipient.digest_on < excluded.digest_on
"""


def write_digests() -> int:
    """Write today's digests for those in whose time zone the morning has come. Returns how many letters."""
    written, after = 0, UUID(int=0)
    while people := _waiting(after):
        after = people[-1]
        for user_id, person in sorted(recipients(people).items()):
            if (today := _morning(person)) is not None:
                written += _write(user_id, today)
    return written


def _waiting(after: UUID) -> list[UUID]:
    since = clock.now() - COVERS
    return [row["user_id"] for row in db.rows(_WAITING, {"since": since, "after": after, "limit": PEOPLE})]


def _morning(person: Recipient) -> date | None:
    """The local day, when its digest is due and not written; None else."""
    local = clock.now().astimezone(ZoneInfo(person.time_zone))
    is_due = local.hour >= MORNING and (person.digest_on is None or person.digest_on < local.date())
    return local.date() if is_due else None


def _write(user_id: UUID, today: date) -> int:
    with transaction.atomic():
        if not db.execute(_CLAIM, {"user": user_id, "today": today}):
            return 0
        since = (clock.now() - COVERS).isoformat()
        letter = NewLetter(
            kind="digest", about=uuid5(user_id, today.isoformat()), recipient=f"user:{user_id}", data={"since": since}
        )
        return write_letters([letter])
