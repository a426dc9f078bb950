"""Letters about an account. Links are derived here, when the letter is sent: no event and no row ever holds a secret."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from apps.accounts import interface as accounts
from apps.platform import clock
from apps.pledges import interface as pledges

from ...queries.preferences import recipients
from .content import Content, WaitingLetter


def password_resets(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    people = accounts.get_users(user_ids={letter.recipient_id for letter in letters})
    written = recipients(list(people))
    contents = {}
    for letter in letters:
        person = people.get(letter.recipient_id)
        link = accounts.password_reset_link(user_id=person.id) if person and person.is_active else None
        if person and link:
            contents[letter.id] = Content(
                address=person.email,
                language=written[person.id].language,
                context={"person": person, "uid": link.uid, "token": link.token},
                was_asked_for=True,
            )
    return contents


def verifications(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    people = accounts.get_users(user_ids={letter.recipient_id for letter in letters})
    written = recipients(list(people))
    contents = {}
    for letter in letters:
        person = people.get(letter.recipient_id)
        token = accounts.verification_token(user_id=person.id) if person else None
        if person and token:
            contents[letter.id] = Content(
                address=person.email,
                language=written[person.id].language,
                context={"person": person, "token": token},
                was_asked_for=True,
            )
    return contents


def security_notices(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    people = accounts.get_users(user_ids={letter.recipient_id for letter in letters})
    written = recipients(list(people))
    return {
        letter.id: Content(
            address=person.email,
            language=written[person.id].language,
            context={"person": person, "change": letter.data.get("change", "")},
        )
        for letter in letters
        if (person := people.get(letter.recipient_id)) and person.is_active
    }


def gift_histories(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    """Nobody is written to whose address has no gifts: the form mails no strangers."""
    links = {letter.id: pledges.history_link(request_id=letter.about) for letter in letters}
    return {
        letter_id: Content(
            address=link.email, language=link.language, context={"token": link.token}, was_asked_for=True
        )
        for letter_id, link in links.items()
        if link
    }


def files_ready(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    """The link opens for whoever is signed in as that person, as long as the file is kept; later there is nothing to say."""
    people = accounts.get_users(user_ids={letter.recipient_id for letter in letters})
    written = recipients(list(people))
    contents = {}
    for letter in letters:
        person, until = people.get(letter.recipient_id), datetime.fromisoformat(letter.data["until"])
        if person and person.is_active and until > clock.now():
            contents[letter.id] = Content(
                address=person.email,
                language=written[person.id].language,
                context={"person": person, "file_id": letter.about, "until": until},
                was_asked_for=True,
            )
    return contents
