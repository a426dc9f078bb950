"""What a campaign's page may have beside its story: questions with answers, milestones, suggested amounts, a word of thanks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts import interface as accounts
from apps.platform import clock, text
from apps.platform.actors import Actor
from apps.platform.errors import FieldError, Forbidden, Invalid
from apps.platform.money import MAX_AMOUNT

from .. import data
from ..data import EDIT
from ..models import Campaign
from ..queries import get_campaign, may_manage
from .changed import announce_change

MOST_QUESTIONS, MOST_MILESTONES, MOST_PRESETS = 12, 6, 6
QUESTION_MAX, ANSWER_MAX, TITLE_MAX, THANKS_MAX = 200, 2000, 120, 1000


def set_extras(
    *,
    campaign_id: UUID,
    by: Actor,
    faq: Sequence[data.Question],
    milestones: Sequence[data.Milestone],
    presets: Sequence[int],
    thank_you: str,
) -> data.Campaign:
    """Replace them all. Presets and milestones are kept ascending, each amount once; presets lie within the campaign's limits.

    For those who edit the campaign. Raises CampaignNotFound, Forbidden, Invalid naming what is wrong.
    """
    campaign = get_campaign(campaign_id=campaign_id, viewer=by)
    if not may_manage(campaign, by, EDIT):
        raise Forbidden(_("Only those who edit the campaign do this."))
    wrong: list[FieldError] = []

    def cleaned(field: str, value: str, most: int, clean: Callable[[str, int], str]) -> str:
        try:
            return clean(value, most)
        except ValueError as error:
            wrong.append(FieldError(field, "invalid", str(error)))
            return ""

    asked = [
        data.Question(
            cleaned("faq", each.question, QUESTION_MAX, text.clean_line),
            cleaned("faq", each.answer, ANSWER_MAX, text.clean_text),
        )
        for each in faq
    ]
    steps = sorted(
        (
            data.Milestone(each.amount, cleaned("milestones", each.title, TITLE_MAX, text.clean_line))
            for each in milestones
        ),
        key=lambda each: each.amount,
    )
    thanks = cleaned("thank_you", thank_you, THANKS_MAX, text.clean_text)
    suggested = sorted(set(presets))
    least, most = campaign.minimum_amount, campaign.maximum_amount
    if len(asked) > MOST_QUESTIONS or any(not (each.question and each.answer) for each in asked):
        wrong.append(FieldError("faq", "invalid", _("Each question needs its answer, twelve at most.")))
    if (
        len(steps) > MOST_MILESTONES
        or len({each.amount for each in steps}) < len(steps)
        or any(not each.title or not 0 < each.amount <= MAX_AMOUNT for each in steps)
    ):
        wrong.append(FieldError("milestones", "invalid", _("Each milestone needs an amount of its own and a title.")))
    if len(suggested) > MOST_PRESETS or any(not least <= each <= most for each in suggested):
        wrong.append(
            FieldError("presets", "out-of-range", _("Suggest up to six amounts within the campaign's limits."))
        )
    if wrong:
        raise Invalid(fields=tuple(wrong))
    with transaction.atomic():
        Campaign.objects.filter(pk=campaign_id).update(
            faq=[asdict(each) for each in asked],
            milestones=[asdict(each) for each in steps],
            presets=suggested,
            thank_you=thanks,
            revision=F("revision") + 1,
            updated_at=clock.now(),
        )
        announce_change(campaign_id)
        accounts.record_action(by=by, action="campaign.set_extras", subject_id=campaign_id)
    return get_campaign(campaign_id=campaign_id, viewer=by)
