"""What letters say and to whom: asked when they are sent, so that they are true then, and nobody is written to who is gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from uuid import UUID

from .account import files_ready, gift_histories, password_resets, security_notices, verifications
from .answers import answers
from .content import Content, WaitingLetter
from .dedications import dedications
from .digests import digests
from .follows import confirmations, updates
from .gifts import failures, receipts, refunds
from .notices import notices
from .plans import plans
from .teams import invitations

__all__ = ["Content", "WaitingLetter", "compose"]
Composer = Callable[[Sequence[WaitingLetter]], dict[UUID, Content]]
COMPOSERS: dict[str, Composer] = {
    "file_ready": files_ready,
    "receipt": receipts,
    "refund": refunds,
    "gift_failed": failures,
    "password_reset": password_resets,
    "gift_history": gift_histories,
    "verification": verifications,
    "answer": answers,
    "security": security_notices,
    "notice": notices,
    "digest": digests,
    "dedication": dedications,
    "follow_confirmation": confirmations,
    "update": updates,
    "team_invitation": invitations,
    "plan": plans,
    "plan_link": plans,
}


def compose(letters: Sequence[WaitingLetter]) -> dict[UUID, Content]:
    """The content of each letter that still has something to say to somebody, by its id; a few queries per kind."""
    by_kind: dict[str, list[WaitingLetter]] = defaultdict(list)
    for letter in letters:
        by_kind[letter.kind].append(letter)
    return {
        letter_id: content for kind, some in by_kind.items() for letter_id, content in COMPOSERS[kind](some).items()
    }
