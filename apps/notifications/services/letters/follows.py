"""Letters to those who follow a campaign by e-mail."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from apps.campaigns import interface as campaigns

from ..unsubscribe import unsubscribe_url_of_follower
from .content import Content, WaitingLetter


def confirmations(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    """Whoever has confirmed meanwhile is not asked again."""
    followers = campaigns.get_followers(follower_ids=[letter.recipient_id for letter in letters])
    known = campaigns.get_campaigns(campaign_ids={each.campaign_id for each in followers.values()})
    contents = {}
    for letter in letters:
        follower = followers.get(letter.recipient_id)
        if follower and not follower.is_confirmed and follower.email and follower.campaign_id in known:
            contents[letter.id] = Content(
                address=follower.email,
                language=follower.language,
                context={
                    "campaign": known[follower.campaign_id],
                    "token": campaigns.confirm_token(follower_id=follower.id),
                },
                was_asked_for=True,
            )
    return contents


def updates(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    followers = campaigns.get_followers(follower_ids=[letter.recipient_id for letter in letters])
    news = campaigns.get_updates(update_ids=[letter.about for letter in letters])
    known = campaigns.get_campaigns(campaign_ids={each.campaign_id for each in news.values()})
    contents = {}
    for letter in letters:
        follower, update = followers.get(letter.recipient_id), news.get(letter.about)
        if follower and update and follower.is_confirmed and update.campaign_id in known:
            contents[letter.id] = Content(
                address=follower.email,
                language=follower.language,
                context={"campaign": known[update.campaign_id], "update": update},
                unsubscribe_url=unsubscribe_url_of_follower(follower.id),
            )
    return contents
