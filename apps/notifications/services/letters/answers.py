"""Letters to guests of support rooms: the campaign's team has answered, and nobody has come to read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from apps.chat import interface as chat
from apps.pledges import interface as pledges

from ...models import QuietGift
from ..unsubscribe import unsubscribe_url_of_guest
from .content import Content, WaitingLetter

PATIENCE = timedelta(minutes=2)
"""How long an answer waits for its reader before a letter leads there: who is looking needs none."""


def answers(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    """Not to those who have read meanwhile, said no, or were erased. The text of the answer is not in it."""
    gifts = {letter.id: UUID(letter.data["pledge"]) for letter in letters}
    known = pledges.gift_contacts(pledge_ids=set(gifts.values()))
    waiting = chat.guests_waiting(message_ids=[letter.about for letter in letters])
    quiet = set(QuietGift.objects.filter(pk__in=known).values_list("pk", flat=True))
    contents = {}
    for letter in letters:
        gift = known.get(gifts[letter.id])
        if gift is None or gift.pledge_id in quiet or letter.about not in waiting:
            continue
        contents[letter.id] = Content(
            address=gift.email,
            language=gift.language,
            context={"gift": gift, "key": chat.support_key(pledge_id=gift.pledge_id)},
            unsubscribe_url=unsubscribe_url_of_guest(gift.pledge_id),
        )
    return contents
