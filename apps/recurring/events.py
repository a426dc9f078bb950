"""Facts about gifts of every month. Ids only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class PlanNoted(Event):
    """Something happened to a plan: `what` is one of began, announced, taken, failed, gave_up, amount, day, paused, resumed,
    skipped, cancelled, missed, campaign_paused, campaign_back, campaign_ended, terms, method, first_gift, link."""

    type: ClassVar[str] = "plan.noted"
    plan_id: UUID
    campaign_id: UUID
    note_id: UUID
    what: str
