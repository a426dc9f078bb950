"""An inbox entry by e-mail, to those who want its kind there."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from apps.accounts import interface as accounts

from ...queries.inbox import unseen_entries
from ...queries.preferences import preferred, recipients
from ..unsubscribe import unsubscribe_url_of_user
from .content import Content, WaitingLetter


def notices(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    """What was read meanwhile, or is not wanted by e-mail any more, is not sent."""
    entries = unseen_entries([letter.about for letter in letters])
    people = accounts.get_users(user_ids={letter.recipient_id for letter in letters})
    written = recipients(list(people))
    wishes = preferred(
        {(letter.recipient_id, entries[letter.about].kind) for letter in letters if letter.about in entries}
    )
    contents = {}
    for letter in letters:
        person, entry = people.get(letter.recipient_id), entries.get(letter.about)
        if person is None or entry is None or not person.is_active:
            continue
        if wishes[person.id, entry.kind].email:
            contents[letter.id] = Content(
                address=person.email,
                language=written[person.id].language,
                context={"person": person, "kind": entry.kind, "data": entry.data},
                unsubscribe_url=unsubscribe_url_of_user(person.id, entry.kind),
            )
    return contents
