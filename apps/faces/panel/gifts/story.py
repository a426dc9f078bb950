"""A gift's whole story in one line of time: its moves, what the provider told, refunds, receipt, and who did what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts import interface as accounts
from apps.faces.shared.amounts import money
from apps.notifications import interface as notifications
from apps.payments import interface as payments
from apps.platform.actors import Actor
from apps.pledges import interface as pledges

from ..templatetags.panel import reason
from ..words import GIFT_STATES, LEDGER_LINES, LETTER_ENDS, LETTER_KINDS, OPERATIONS, REFUND_STATES


@dataclass(frozen=True, order=True)
class Step:
    at: datetime
    kind: str
    title: str
    detail: str = ""
    request_id: str = ""


@dataclass(frozen=True)
class Story:
    steps: list[Step]
    payments: list[payments.Payment]
    receipt: pledges.Receipt | None


def story_of(pledge: pledges.Pledge, viewer: Actor) -> Story:
    """A constant number of queries. Does not check permissions."""
    told = pledges.story_of(pledge_id=pledge.id)
    taken = payments.payments_of(references=[pledge.id]).get(pledge.id, [])
    provider = payments.story_of(reference=pledge.id)
    notes = pledges.notes_of(pledge_id=pledge.id)
    actions = accounts.list_actions(subject_id=str(pledge.id), limit=50)
    names = _names(told, actions, notes)
    steps = [
        *_moves(told),
        *(
            Step(each.at, "provider", _provider_words(each), f"{each.source} {each.detail}".strip())
            for each in provider
        ),
        *_refunds(told, pledge.currency, names),
        *_notes(notes, names),
        *_letters(notifications.letters_of_gift(pledge_id=pledge.id)),
        *(
            Step(each.at, "action", _("Done by %(who)s") % {"who": names(each.actor_id)}, each.action, each.request_id)
            for each in actions
        ),
    ]
    receipt = pledges.receipts_of(pledge_ids=[pledge.id]).get(pledge.id)
    return Story(sorted(steps), taken, receipt)


def _moves(told: pledges.GiftStory) -> Iterator[Step]:
    for each in told.steps:
        words = GIFT_STATES[each.target][0] if each.source else _("Promised")
        yield Step(each.at, "state", str(words), reason(each.reason) if each.reason else "")


def _refunds(told: pledges.GiftStory, currency: str, names: Any) -> Iterator[Step]:
    for each in told.refunds:
        amount = money(each.amount, currency)
        who = names(each.requested_by_id) if each.is_reserved else _("the provider")
        title = _("Refund of %(amount)s asked for by %(who)s") % {"amount": amount, "who": who}
        yield Step(each.created_at, "refund", title, each.reason)
        if each.decided_at:
            words = _("Refund approved by %(who)s") if each.approved_by_id else _("Refund declined by %(who)s")
            who = names(each.approved_by_id or each.declined_by_id)
            yield Step(each.decided_at, "refund", words % {"who": who}, each.decision_note)
        if each.counted_at:
            yield Step(each.counted_at, "refund", f"{REFUND_STATES['succeeded'][0]}: {amount}")


def _notes(notes: list[pledges.Note], names: Any) -> Iterator[Step]:
    for each in notes:
        yield Step(each.created_at, "note", _("Note by %(who)s") % {"who": names(each.author_id)}, each.body or "–")


def _letters(letters: list[notifications.LetterStep]) -> Iterator[Step]:
    for each in letters:
        words = {"letter": LETTER_KINDS.get(each.kind, each.kind), "state": LETTER_ENDS[each.status]}
        yield Step(
            each.ended_at or each.created_at, "letter", _("%(letter)s by mail %(state)s") % words, each.last_error
        )


def _provider_words(told: payments.ProviderStep) -> str:
    words = _("%(provider)s told: %(kind)s") if told.side == "told" else _("%(provider)s was asked: %(kind)s")
    kind = (LEDGER_LINES if told.side == "told" else OPERATIONS).get(told.kind, told.kind.replace("_", " "))
    return words % {"provider": told.provider.capitalize(), "kind": kind}


def _names(told: pledges.GiftStory, actions: list[accounts.RecordedAction], notes: list[pledges.Note]) -> Any:
    people = ((each.requested_by_id, each.approved_by_id, each.declined_by_id) for each in told.refunds)
    ids = {one for each in people for one in each} | {each.actor_id for each in actions}
    ids |= {each.author_id for each in notes}
    known = accounts.get_users(user_ids=[each for each in ids if each])
    return lambda user_id: known[user_id].name if user_id in known else _("the system")
