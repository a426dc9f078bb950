"""Messages about gifts to third persons, in the language of whoever gave: without links of theirs, with a way to say no."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from apps.campaigns import interface as campaigns
from apps.pledges import interface as pledges

from ..unsubscribe import unsubscribe_url_of_dedicatee
from .content import Content, WaitingLetter


def dedications(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    told = pledges.dedication_letters(pledge_ids=[letter.about for letter in letters])
    known = campaigns.get_campaigns(campaign_ids={each.campaign_id for each in told.values()})
    contents = {}
    for letter in letters:
        message = told.get(letter.about)
        if message and message.campaign_id in known:
            contents[letter.id] = Content(
                address=message.recipient_email,
                language=message.language,
                context={"told": message, "campaign": known[message.campaign_id]},
                unsubscribe_url=unsubscribe_url_of_dedicatee(letter.about),
            )
    return contents
