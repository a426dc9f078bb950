"""Letters to those who are invited into a campaign's team."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from apps.accounts import interface as accounts
from apps.campaigns import interface as campaigns

from .content import Content, WaitingLetter


def invitations(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    """Whoever has accepted meanwhile, or whose invitation was withdrawn, gets none."""
    offers = campaigns.invitation_of(invitation_ids=[letter.about for letter in letters])
    known = campaigns.get_campaigns(campaign_ids={each.campaign_id for each in offers.values()})
    people = accounts.get_users(user_ids={each.invited_by_id for each in offers.values()})
    contents = {}
    for letter in letters:
        offer = offers.get(letter.about)
        if offer and offer.email and offer.campaign_id in known and offer.invited_by_id in people:
            contents[letter.id] = Content(
                address=offer.email,
                language="",
                context={
                    "campaign": known[offer.campaign_id],
                    "role": offer.role,
                    "inviter": people[offer.invited_by_id].name,
                    "token": campaigns.invitation_token(invitation_id=offer.id),
                },
                was_asked_for=True,
            )
    return contents
