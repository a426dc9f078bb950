"""Letters about a gift of every month: what happened to it, what comes next, and the link by which all of it can be changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from apps.recurring import interface as recurring

from ...queries.preferences import recipients
from .content import Content, WaitingLetter

DATES = ("due_on", "next_on", "retry_on")
ASKED_FOR = "link"
_ONLY_WHILE = {"announced": "active", "failed": "active", "campaign_back": "paused", "missed": "active"}


def plans(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    """What is not true any more is not sent: a gift that was announced and then left out, a retry of a plan that has ended."""
    told = recurring.plan_letters(note_ids=[letter.about for letter in letters])
    known = recipients({each.donor_id for each in told.values() if each.donor_id})
    return {
        letter.id: _content(told[letter.about], known)
        for letter in letters
        if letter.about in told and _still_true(told[letter.about])
    }


def _still_true(letter: recurring.PlanLetter) -> bool:
    if letter.plan.status != _ONLY_WHILE.get(letter.what, letter.plan.status):
        return False
    return letter.what != "announced" or letter.data["due_on"] == str(letter.plan.next_on)


def _content(letter: recurring.PlanLetter, known: dict[UUID, Any]) -> Content:
    language = (known[letter.donor_id].language if letter.donor_id else "") or letter.language
    data = {name: _plain(name, value) for name, value in letter.data.items()}
    return Content(
        address=letter.email,
        language=language,
        context={"what": letter.what, "data": data, "plan": letter.plan, "name": letter.name},
        was_asked_for=letter.what == ASKED_FOR,
    )


def _plain(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in DATES and value else value
