"""The lifecycle. Each move is one guarded UPDATE; who may make it is said in one table."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.db.models import F

from apps.accounts import interface as accounts
from apps.outbox import interface as outbox
from apps.platform import clock, text
from apps.platform.actors import SYSTEM, Actor
from apps.platform.errors import Forbidden, Invalid, InvalidTransition

from .. import data, events
from ..data import EDIT, RUN
from ..models import Campaign
from ..queries import campaign_data, get_campaign, may_manage
from ..states import MOVES, Status
from .changed import announce_change

_FACTS: dict[Status, type[events.CampaignMoved]] = {
    Status.DRAFT: events.CampaignReturned,
    Status.IN_REVIEW: events.CampaignSubmitted,
    Status.ACTIVE: events.CampaignPublished,
    Status.PAUSED: events.CampaignPaused,
    Status.ENDED: events.CampaignEnded,
    Status.ARCHIVED: events.CampaignArchived,
}

REASON_MAX = 1000
_VERBS = {
    Status.DRAFT: "return",
    Status.IN_REVIEW: "submit",
    Status.ACTIVE: "publish",
    Status.PAUSED: "pause",
    Status.ENDED: "close",
    Status.ARCHIVED: "archive",
}


def submit_campaign(*, campaign_id: UUID, by: Actor) -> data.Campaign:
    """Hand a draft to staff for review."""
    return _move(campaign_id, by, Status.IN_REVIEW)


def publish_campaign(*, campaign_id: UUID, by: Actor) -> data.Campaign:
    """Open a reviewed campaign (staff), or open a paused one again (its manager as well)."""
    return _move(campaign_id, by, Status.ACTIVE, manager_may=lambda now: now.status == Status.PAUSED)


def return_campaign(*, campaign_id: UUID, by: Actor, reason: str = "") -> data.Campaign:
    """Send a campaign in review back to its manager, with what is to be mended (at most 1,000 characters; kept in the
    audit trail, see `review_reason`). Staff only. Raises Invalid for a reason that cannot be used."""
    try:
        reason = text.clean_text(reason, REASON_MAX)
    except ValueError as error:
        raise Invalid.field("reason", "invalid", str(error)) from None
    return _move(campaign_id, by, Status.DRAFT, manager_may=lambda now: False, reason=reason)


def pause_campaign(*, campaign_id: UUID, by: Actor) -> data.Campaign:
    """Take no gifts for now."""
    return _move(campaign_id, by, Status.PAUSED)


def close_campaign(*, campaign_id: UUID, by: Actor) -> data.Campaign:
    """End the campaign for good."""
    return _move(campaign_id, by, Status.ENDED)


def archive_campaign(*, campaign_id: UUID, by: Actor) -> data.Campaign:
    """Put the campaign away; nothing of it is destroyed."""
    return _move(campaign_id, by, Status.ARCHIVED)


def end_due_campaigns() -> int:
    """End what has passed its end date. Returns how many."""
    due = Campaign.objects.filter(status__in=MOVES.sources_of(Status.ENDED), ends_at__lte=clock.now())
    ended = 0
    for campaign_id in due.values_list("pk", flat=True)[:500]:
        try:
            close_campaign(campaign_id=campaign_id, by=SYSTEM)
            ended += 1
        except InvalidTransition:  # someone closed it in between
            continue
    return ended


def _move(
    campaign_id: UUID,
    by: Actor,
    target: Status,
    manager_may: Callable[[data.Campaign], bool] = lambda now: True,
    reason: str = "",
) -> data.Campaign:
    """Raises CampaignNotFound, Forbidden, InvalidTransition. Publishes the move's fact."""
    now = get_campaign(campaign_id=campaign_id, viewer=by)
    # Whoever edits may hand a draft in; what opens, stops and ends it is the owner's.
    if not may_manage(now, by, EDIT if target == Status.IN_REVIEW else RUN):
        raise Forbidden("Only the campaign's manager and staff do this.")
    if not by.is_staff and not manager_may(now):
        if not MOVES.allows(Status(now.status), target):
            raise InvalidTransition(f"A campaign that is {now.status} cannot become {target}.")
        raise Forbidden("Only staff do this.")
    with transaction.atomic():
        moved = Campaign.objects.filter(pk=campaign_id, status__in=MOVES.sources_of(target)).update(
            status=target, revision=F("revision") + 1, updated_at=clock.now()
        )
        if not moved:
            raise InvalidTransition(f"A campaign that is {now.status} cannot become {target}.")
        outbox.publish(_FACTS[target](campaign_id=now.id, manager_id=now.manager_id, title=now.title, slug=now.slug))
        announce_change(campaign_id)
        accounts.record_action(
            by=by,
            action=f"campaign.{_VERBS[target]}",
            subject_id=campaign_id,
            detail={"reason": reason} if reason else None,
        )
        return campaign_data(Campaign.objects.select_related("totals").get(pk=campaign_id))
