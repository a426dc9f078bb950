from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from apps.accounts import interface as accounts
from apps.platform import clock, text
from apps.platform.actors import Actor
from apps.platform.errors import FieldError, Forbidden, Invalid
from apps.platform.money import CURRENCIES, MAX_AMOUNT, exponent

from .. import data
from ..errors import NotEditable
from ..models import CATEGORIES, Campaign, CampaignTotals
from ..queries import campaign_data, get_campaign, may_manage
from ..states import Status
from .changed import announce_change
from .story import render_story

ONLY_IN_DRAFT = frozenset({"currency", "minimum_amount", "maximum_amount"})
EDITABLE = frozenset({"title", "summary", "story", "category", "goal_amount", "starts_at", "ends_at"}) | ONLY_IN_DRAFT


def create_campaign(*, by: Actor, new: data.NewCampaign) -> data.Campaign:
    """A draft of the caller's own. Managers and staff only: raises Forbidden; Invalid naming every field that is wrong."""
    if by.user_id is None or not (by.is_manager or by.is_staff):
        raise Forbidden("Only campaign managers create campaigns.")
    values = _checked({**vars(new), **_limits(new)}, currency=new.currency)
    organizer = accounts.get_user(user_id=by.user_id).name
    campaign = Campaign(
        manager_id=by.user_id, organizer_name=organizer, story_html=render_story(values["story"]), **values
    )
    campaign.slug = slug_of(campaign.title, campaign.id)
    with transaction.atomic():
        campaign.save(force_insert=True)
        campaign.totals = CampaignTotals.objects.create(campaign=campaign)
        accounts.record_action(by=by, action="campaign.create", subject_id=campaign.id)
    return campaign_data(campaign)


def edit_campaign(*, campaign_id: UUID, by: Actor, changes: Mapping[str, Any]) -> data.Campaign:
    """Change some of EDITABLE. Raises CampaignNotFound, Forbidden, NotEditable (currency and limits after draft), Invalid."""
    now = get_campaign(campaign_id=campaign_id, viewer=by)
    if not may_manage(now, by):
        raise Forbidden("Only the campaign's manager and staff edit it.")
    changes = {name: value for name, value in changes.items() if name in EDITABLE}
    merged = {name: getattr(now, name) for name in EDITABLE} | dict(changes)
    values = {name: value for name, value in _checked(merged, currency=merged["currency"]).items() if name in changes}
    if "story" in values:
        values["story_html"] = render_story(values["story"])
    with transaction.atomic():
        row = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
        # Asked under the lock: a submission may have come in between.
        if row.status != Status.DRAFT and ONLY_IN_DRAFT & changes.keys():
            raise NotEditable
        for name, value in {**values, "revision": row.revision + 1, "updated_at": clock.now()}.items():
            setattr(row, name, value)
        row.save(update_fields=[*values, "revision", "updated_at"])
        announce_change(campaign_id)
        accounts.record_action(
            by=by, action="campaign.edit", subject_id=campaign_id, detail={"fields": sorted(changes)}
        )
    return get_campaign(campaign_id=campaign_id, viewer=by)


def _limits(new: data.NewCampaign) -> dict[str, int | None]:
    """Without limits of its own a campaign takes from one major unit to ten million of them."""
    if new.currency not in CURRENCIES:
        return {}
    unit = 10 ** exponent(new.currency)
    minimum = unit if new.minimum_amount is None else new.minimum_amount
    maximum = 10_000_000 * unit if new.maximum_amount is None else new.maximum_amount
    return {"minimum_amount": minimum, "maximum_amount": maximum}


def _checked(values: dict[str, Any], currency: str) -> dict[str, Any]:
    wrong: list[FieldError] = []

    def refuse(field: str, code: str, detail: str) -> None:
        wrong.append(FieldError(field, code, detail))

    for field, most, clean in (
        ("title", 120, text.clean_line),
        ("summary", 280, text.clean_line),
        ("story", 50_000, text.clean_text),
    ):
        try:
            values[field] = clean(values[field], most)
        except ValueError as error:
            refuse(field, "invalid", str(error))
    if not values["title"]:
        refuse("title", "required", "Give the campaign a title.")
    if values["category"] not in CATEGORIES:
        refuse("category", "unknown-choice", f"Choose one of: {', '.join(CATEGORIES)}.")
    if currency not in CURRENCIES:
        refuse("currency", "unknown-choice", "Use the ISO 4217 code of a currency that this platform takes.")
    for field in ("goal_amount", "minimum_amount", "maximum_amount"):
        amount = values.get(field, 1)
        if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount <= MAX_AMOUNT:
            refuse(field, "out-of-range", f"Use whole minor units from 1 to {MAX_AMOUNT}.")
    if not wrong and values["minimum_amount"] > values["maximum_amount"]:
        refuse("maximum_amount", "below-minimum", "The largest gift cannot be below the smallest.")
    if values["starts_at"] and values["ends_at"] and values["ends_at"] <= values["starts_at"]:
        refuse("ends_at", "before-start", "The end must come after the start.")
    if wrong:
        raise Invalid(fields=tuple(wrong))
    return values


def slug_of(title: str, campaign_id: UUID) -> str:
    """Readable where the title has Latin letters, and unique: the last digits of a UUIDv7 are random. Titles without
    such letters all share one name, and so take more digits."""
    words = slugify(title)[:70].strip("-_")
    return f"{words}-{campaign_id.hex[-6:]}" if words else f"campaign-{campaign_id.hex[-12:]}"
