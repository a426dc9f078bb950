"""What a donor may change about a plan, by its link: each a row lock, a guarded change and a note, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.db import transaction
from django.utils.translation import gettext as _

from apps.campaigns import interface as campaigns
from apps.payments import interface as payments
from apps.platform import db
from apps.platform.errors import Invalid
from apps.platform.ids import new_id

from ..data import Plan
from ..errors import CampaignNotAccepting, PlanHasEnded, PlanNotActive, PlanNotFound
from ..queries import dates
from ..queries.plans import follow_plan, months_taken
from ..queries.tokens import TOKEN_LENGTH, token_hash
from ..states import PlanStatus
from .note import note
from .stop import end, pause

Row = dict[str, Any]
Wish = ParamSpec("Wish")
_LOCK = """
    SELECT id, campaign_id, amount, cover_amount, provider, currency, day, next_on, status FROM recurring_plan
    WHERE access_hash = %s FOR NO KEY UPDATE
"""
_SKIP = """
    INSERT INTO recurring_month (id, plan_id, month, due_on, status) VALUES (%s, %s, %s, %s, 'skipped')
    ON CONFLICT (plan_id, month) DO NOTHING
"""


def _by_link(change: Callable[Concatenate[Row, Wish], None]) -> Callable[Concatenate[str, Wish], Plan]:
    """Run the change on the locked plan behind `token`; returns the plan as it is then. Raises PlanNotFound, PlanHasEnded."""

    @wraps(change)
    def changed(token: str, *args: Wish.args, **kwargs: Wish.kwargs) -> Plan:
        with transaction.atomic():
            found = db.rows(_LOCK, [token_hash(token)]) if len(token) == TOKEN_LENGTH else []
            if not found:
                raise PlanNotFound
            if found[0]["status"] == PlanStatus.ENDED:
                raise PlanHasEnded
            change(found[0], *args, **kwargs)
            return follow_plan(token=token)

    return changed


def change_amount(*, token: str, amount: int) -> Plan:
    """Give another amount from the next gift on; where the fee is covered, its cover comes on top anew.

    Raises Invalid outside the campaign's limits, PlanNotFound, PlanHasEnded."""
    return _change_amount(token, amount)


def change_day(*, token: str, day: int) -> Plan:
    """Give on another day of the month (1 to 31; the last one in shorter months), never twice in one month. Raises Invalid,
    PlanNotFound, PlanHasEnded."""
    if type(day) is not int or not 1 <= day <= 31:
        raise Invalid.field("day", "invalid", _("Choose a day from 1 to 31."))
    return _change_day(token, day)


def skip_next(*, token: str) -> Plan:
    """Leave the next gift out. Raises PlanNotActive, PlanNotFound, PlanHasEnded."""
    return _skip_next(token)


def pause_plan(*, token: str) -> Plan:
    """Take nothing until it is resumed. Twice is once. Raises PlanNotActive (before the first gift arrived), PlanNotFound,
    PlanHasEnded."""
    return _pause(token)


def resume_plan(*, token: str) -> Plan:
    """Go on with the next wished day that is later than today. Twice is once. Raises CampaignNotAccepting, PlanNotActive,
    PlanNotFound, PlanHasEnded."""
    return _resume(token)


def cancel_plan(*, token: str) -> Plan:
    """End it for good; a gift that is under way already arrives still. Raises PlanNotFound; PlanHasEnded the second time."""
    return _cancel(token)


@_by_link
def _change_amount(plan: Row, amount: int) -> None:
    campaign = campaigns.get_campaigns(campaign_ids=[plan["campaign_id"]])[plan["campaign_id"]]
    if type(amount) is not int or not campaign.minimum_amount <= amount <= campaign.maximum_amount:
        raise Invalid.field("amount", "out-of-range", _("This is outside of what the campaign takes."))
    total = payments.total_covering(provider=plan["provider"], amount=amount) if plan["cover_amount"] else amount
    if total == plan["amount"]:
        return
    values = [total, total - amount, plan["id"]]
    db.execute("UPDATE recurring_plan SET amount = %s, cover_amount = %s WHERE id = %s", values)
    note(plan["id"], "amount", before=plan["amount"], after=total)


@_by_link
def _change_day(plan: Row, day: int) -> None:
    if day == plan["day"]:
        return
    next_on = _next(plan["id"], day) if plan["status"] == PlanStatus.ACTIVE else None
    db.execute("UPDATE recurring_plan SET day = %s, next_on = %s WHERE id = %s", [day, next_on, plan["id"]])
    note(plan["id"], "day", before=plan["day"], after=day, next_on=next_on)


@_by_link
def _skip_next(plan: Row) -> None:
    _must_be_active(plan)
    skipped = plan["next_on"]
    db.execute(_SKIP, [new_id(), plan["id"], dates.month_of(skipped), skipped])
    next_on = dates.first_free(day=plan["day"], after=skipped, taken=months_taken(plan["id"], dates.month_of(skipped)))
    db.execute("UPDATE recurring_plan SET next_on = %s WHERE id = %s", [next_on, plan["id"]])
    note(plan["id"], "skipped", due_on=skipped, next_on=next_on)


@_by_link
def _pause(plan: Row) -> None:
    if plan["status"] == PlanStatus.PAUSED:
        return
    _must_be_active(plan)
    pause([plan["id"]], "donor")
    note(plan["id"], "paused")


@_by_link
def _resume(plan: Row) -> None:
    if plan["status"] == PlanStatus.ACTIVE:
        return
    if plan["status"] != PlanStatus.PAUSED:
        raise PlanNotActive
    campaign = campaigns.get_campaigns(campaign_ids=[plan["campaign_id"]])[plan["campaign_id"]]
    if campaign.status != "active":
        raise CampaignNotAccepting
    next_on = _next(plan["id"], plan["day"])
    db.execute(
        "UPDATE recurring_plan SET status = 'active', reason = '', next_on = %s WHERE id = %s AND status = 'paused'",
        [next_on, plan["id"]],
    )
    note(plan["id"], "resumed", next_on=next_on)


@_by_link
def _cancel(plan: Row) -> None:
    end([plan["id"]], "donor")
    note(plan["id"], "cancelled")


def _must_be_active(plan: Row) -> None:
    if plan["status"] != PlanStatus.ACTIVE:
        raise PlanNotActive


def _next(plan_id: Any, day: int) -> Any:
    today = dates.today()
    return dates.first_free(day=day, after=today, taken=months_taken(plan_id, dates.month_of(today)))
