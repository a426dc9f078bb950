from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from apps.accounts import interface as accounts

from ...queries.inbox import unread_of_digest
from ...queries.preferences import recipients
from ..unsubscribe import DIGEST, unsubscribe_url_of_user
from .content import Content, WaitingLetter

SHOWN = 30


def digests(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    """What is unread still; nothing is sent when all of it was read meanwhile."""
    people = accounts.get_users(user_ids={letter.recipient_id for letter in letters})
    written = recipients(list(people))
    contents = {}
    for letter in letters:
        person = people.get(letter.recipient_id)
        if person is None or not person.is_active:
            continue
        since = datetime.fromisoformat(letter.data["since"])
        entries, number = unread_of_digest(user_id=person.id, since=since, limit=SHOWN)
        if number:
            contents[letter.id] = Content(
                address=person.email,
                language=written[person.id].language,
                context={"person": person, "entries": entries, "number": number, "more": number - len(entries)},
                unsubscribe_url=unsubscribe_url_of_user(person.id, DIGEST),
            )
    return contents
