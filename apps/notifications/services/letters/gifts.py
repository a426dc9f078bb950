"""Letters about a gift, to the person who gave it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from apps.pledges import interface as pledges
from apps.pledges.data import GiftContact
from apps.recurring import interface as recurring

from ...queries.preferences import recipients
from .content import Content, WaitingLetter


def receipts(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    """The first copy is about the gift, each further one about the request for it."""
    pledge_ids = {letter.id: UUID(letter.data.get("pledge", str(letter.about))) for letter in letters}
    gifts = _gifts(set(pledge_ids.values()))
    papers = pledges.receipts_of(pledge_ids=list(gifts))
    plans = recurring.plans_of_gifts(pledge_ids=list(gifts))
    return {
        letter_id: _content(gifts[pledge_id], receipt=papers[pledge_id], plan=plans.get(pledge_id))
        for letter_id, pledge_id in pledge_ids.items()
        if pledge_id in gifts and pledge_id in papers
    }


def refunds(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    pledge_ids = {letter.id: UUID(letter.data["pledge"]) for letter in letters}
    gifts = _gifts(set(pledge_ids.values()))
    return {
        letter.id: _content(gifts[pledge_ids[letter.id]], amount=letter.data["amount"], is_full=letter.data["is_full"])
        for letter in letters
        if pledge_ids[letter.id] in gifts
    }


def failures(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    """Nothing is said of a gift that has arrived after all; of a later gift of a plan the plan's own letter tells."""
    gifts = _gifts({letter.about for letter in letters})
    renewals = {gift for gift, plan in recurring.plans_of_gifts(pledge_ids=list(gifts)).items() if not plan.is_first}
    return {
        letter.id: _content(gifts[letter.about])
        for letter in letters
        if letter.about in gifts and gifts[letter.about].status == "failed" and letter.about not in renewals
    }


def _gifts(pledge_ids: set[UUID]) -> dict[UUID, GiftContact]:
    """The gifts, each in the language that its donor chose for all letters, or else gave in."""
    gifts = pledges.gift_contacts(pledge_ids=pledge_ids)
    known = recipients({gift.donor_id for gift in gifts.values() if gift.donor_id})
    return {
        pledge_id: replace(gift, language=known[gift.donor_id].language or gift.language) if gift.donor_id else gift
        for pledge_id, gift in gifts.items()
    }


def _content(gift: GiftContact, **context: object) -> Content:
    return Content(address=gift.email, language=gift.language, context={"gift": gift, **context})
