from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.platform import db

from ..data import KINDS, Kind, KindPreference, Preferences
from ..models import Recipient

_WISHES = """
    SELECT user_id, kind, live, email, digest FROM notifications_preference
    WHERE user_id = ANY(%(users)s) AND kind = ANY(%(kinds)s)
"""


def preferred(pairs: Iterable[tuple[UUID, str]]) -> dict[tuple[UUID, str], KindPreference]:
    """What each person wants of each kind, defaults where nothing was said. One query."""
    wanted = set(pairs)
    rows = db.rows(_WISHES, {"users": list({user for user, _ in wanted}), "kinds": list({kind for _, kind in wanted})})
    said = {(row["user_id"], row["kind"]): row for row in rows}
    return {pair: _wish(KINDS[pair[1]], said.get(pair)) for pair in wanted}


def get_preferences(*, user_id: UUID, roles: Collection[str]) -> Preferences:
    """A person's wishes, for the kinds that someone with these roles may get. Two queries."""
    person = recipients([user_id])[user_id]
    kinds = [kind.name for kind in KINDS.values() if kind.audience == "donor" or kind.audience in roles]
    wishes = preferred({(user_id, kind) for kind in kinds})
    return Preferences(
        language=person.language,
        time_zone=person.time_zone,
        quiet_from=person.quiet_from,
        quiet_to=person.quiet_to,
        kinds=tuple(wishes[user_id, kind] for kind in kinds),
    )


def recipients(user_ids: Collection[UUID]) -> dict[UUID, Recipient]:
    """How these people are written to; defaults for those who never said. One query."""
    known = {each.user_id: each for each in Recipient.objects.filter(user_id__in=list(user_ids))}
    return {user_id: known.get(user_id) or Recipient(user_id=user_id) for user_id in user_ids}


def quiet_until(person: Recipient, at: datetime) -> datetime | None:
    """The end of the quiet hours in which `at` lies, None outside of them. They may span midnight."""
    if person.quiet_from is None or person.quiet_to is None or person.quiet_from == person.quiet_to:
        return None
    local = at.astimezone(ZoneInfo(person.time_zone))
    minute = local.hour * 60 + local.minute
    spans = person.quiet_from > person.quiet_to
    is_quiet = (
        minute >= person.quiet_from or minute < person.quiet_to
        if spans
        else person.quiet_from <= minute < person.quiet_to
    )
    if not is_quiet:
        return None
    left = (person.quiet_to - minute) % 1440
    return (local + timedelta(minutes=left)).replace(second=0, microsecond=0)


def _wish(kind: Kind, said: dict[str, object] | None) -> KindPreference:
    if said is None:
        return KindPreference(kind.name, True, kind.email, kind.digest)
    return KindPreference(kind.name, bool(said["live"]), bool(said["email"]), bool(said["digest"]))
