"""A gift's way in words: what has happened, what it means, what comes next, when, and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.faces.site.templatetags.amounts import money
from apps.pledges import interface as pledges

DONE, NOW, BAD, LATER = "done", "now", "bad", "later"


@dataclass(frozen=True)
class Step:
    """`kind` is done, now, bad or later; `at` is when it happened."""

    kind: str
    icon: str
    title: str
    text: str
    at: datetime | None = None


@dataclass(frozen=True)
class Outlook:
    """What comes next and when, and whom to ask if it does not."""

    what: str
    when: str
    ask: str


def steps_of(gift: pledges.TrackedGift) -> list[Step]:
    """The timeline. Steps that the gift will not take any more are left out."""
    at = {each.status: each.at for each in reversed(gift.timeline)}
    promised = Step(
        DONE, "hand-heart", _("Promised"), _("We know of your gift. Nothing was taken yet."), at.get("pending")
    )
    steps = [promised]
    if gift.status == "failed":
        if "authorized" in at:
            steps.append(_held(DONE, at["authorized"]))
        return [*steps, Step(BAD, "x", _("Not paid"), _why_failed(), at.get("failed"))]
    is_captured = "captured" in at
    steps.append(_held(DONE if "authorized" in at or is_captured else NOW, at.get("authorized")))
    if is_captured:
        text = _("The amount left your account once. The campaign's total has moved by exactly your gift.")
        steps.append(Step(DONE, "check", _("Taken and counted"), text, at["captured"]))
    else:
        text = _("Then the campaign's total moves by exactly your gift.")
        steps.append(Step(NOW if "authorized" in at else LATER, "check", _("Taken and counted"), text))
    return steps + [
        _given_back(gift, status, at[status]) for status in ("partially_refunded", "refunded") if status in at
    ]


def outlook_of(gift: pledges.TrackedGift, organizer: str) -> Outlook:
    ask = _("The organiser, %(name)s. Send this page's link along: it says all there is to know.") % {"name": organizer}
    if gift.status == "failed":
        return Outlook(
            _("Nothing more happens with this gift. You can give again, from another account."),
            _("Whenever you like."),
            ask,
        )
    if gift.status in ("pending", "authorized"):
        when = _(
            "Mostly within seconds. If your bank is slow, we ask it every minute until it answers, for up to a day."
        )
        what = _("Your bank answers, and this page moves by itself. You need not stay, and you need not give again.")
        return Outlook(what, when, ask)
    if gift.status == "refunded":
        return Outlook(
            _("The amount arrives on the account that you paid from."), _("Banks take up to five working days."), ask
        )
    return Outlook(
        _("The organiser reports on the campaign's page what the gifts have done."), _("As the work goes on."), ask
    )


def _held(kind: str, at: datetime | None) -> Step:
    text = (
        _("Your bank has set the amount aside. It is still yours.")
        if kind == DONE
        else _("Your bank is being asked to set the amount aside.")
    )
    return Step(kind, "landmark", _("Held by your bank"), text, at)


def _why_failed() -> str:
    return _("Your bank declined, or the time to pay ran out. Nothing was taken; what was held is free again.")


def _given_back(gift: pledges.TrackedGift, status: str, at: datetime) -> Step:
    if status == "refunded":
        return Step(
            DONE, "undo-2", _("Given back in full"), _("The organiser returned the whole amount to your account."), at
        )
    amount = money(gift.refunded_amount, gift.currency)
    title = _("Given back in part")
    return Step(
        DONE, "undo-2", title, _("In all %(amount)s of this gift went back to your account.") % {"amount": amount}, at
    )
