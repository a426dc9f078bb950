"""Taking what is due: one plan at a time, each in a transaction of its own, through the interface of pledges.

Three things keep a month from being taken twice, each enough alone: the locked row of the plan, UNIQUE(plan, month), and the
pledge's own idempotency key, which names plan, month and try.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction

from apps.campaigns import interface as campaigns
from apps.payments import interface as payments
from apps.platform import db
from apps.platform.errors import Invalid, Refused
from apps.platform.ids import new_id
from apps.pledges import interface as pledges
from apps.pledges.errors import CampaignNotAccepting, CampaignNotFound

from ..data import LATE_DAYS
from ..queries import dates
from ..queries.plans import months_taken
from .note import note
from .stop import end, pause

log = logging.getLogger(__name__)
SCOPE = "recurring"
SECONDS = 30.0
_PLAN = """plan.id, plan.campaign_id, plan.currency, plan.amount, plan.cover_amount, plan.day, plan.next_on, plan.donor_id,
           plan.is_anonymous,
           plan.provider, plan.approval_id, coalesce(giver.email, '') AS email, coalesce(giver.name, '') AS name,
           coalesce(giver.language, '') AS language"""
_DUE = f"""
    SELECT {_PLAN} FROM recurring_plan AS plan LEFT JOIN recurring_giver AS giver ON giver.plan_id = plan.id
    WHERE plan.status = 'active' AND plan.next_on <= %(today)s AND plan.noticed_for = plan.next_on
      AND plan.noticed_on < %(today)s AND NOT plan.id = ANY(%(not_these)s)
    ORDER BY plan.next_on, plan.id LIMIT 1 FOR NO KEY UPDATE OF plan SKIP LOCKED
"""  # noqa: S608  composed of constants
_AGAIN = f"""
    SELECT {_PLAN}, month.id AS month_id, month.month, month.due_on,
           (SELECT max(number) FROM recurring_try AS try WHERE try.month_id = month.id) AS tried
    FROM recurring_plan AS plan JOIN recurring_month AS month ON month.plan_id = plan.id
    LEFT JOIN recurring_giver AS giver ON giver.plan_id = plan.id
    WHERE month.retry_on <= %(today)s AND plan.status = 'active' AND NOT plan.id = ANY(%(not_these)s)
    ORDER BY month.retry_on, plan.id LIMIT 1 FOR NO KEY UPDATE OF plan SKIP LOCKED
"""  # noqa: S608  composed of constants
_BEGIN_MONTH = """
    INSERT INTO recurring_month (id, plan_id, month, due_on, status) VALUES (%(id)s, %(plan)s, %(month)s, %(due_on)s, %(status)s)
    ON CONFLICT (plan_id, month) DO NOTHING
"""
_TRY_AGAIN = "UPDATE recurring_month SET status = 'taking', retry_on = NULL WHERE id = %s AND status = 'waiting'"
_TRY = """
    INSERT INTO recurring_try (pledge_id, month_id, number, amount, status, reason, made_on)
    VALUES (%(pledge)s, %(month)s, %(number)s, %(amount)s, 'pending', '', %(today)s)
"""
Row = dict[str, Any]


def take_due(*, seconds: float = SECONDS) -> int:
    """Make the pledges of all plans whose day has come, until nothing is due or `seconds` have passed. Returns how many plans
    were looked at. Safe to run in any number of processes at once."""
    return _each(_DUE, _take, seconds)


def retry_due(*, seconds: float = SECONDS) -> int:
    """Try again what failed before and is to be tried again by now. Like `take_due`."""
    return _each(_AGAIN, _retry, seconds)


def _each(sql: str, act: Callable[[Row], None], seconds: float) -> int:
    seen: list[UUID] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        plan = _one(sql, act, seen)
        if plan is None:
            break
        seen.append(plan)
    return len(seen)


def _one(sql: str, act: Callable[[Row], None], seen: Collection[UUID]) -> UUID | None:
    """Lock one plan and act on it; one that cannot be helped now must not stand before the others."""
    plan: Row | None = None
    try:
        with transaction.atomic():
            found = db.rows(sql, {"today": dates.today(), "not_these": list(seen)})
            if not found:
                return None
            plan = found[0]
            act(plan)
    except (Refused, DatabaseError):
        if plan is None:
            raise
        log.exception("a monthly gift could not be tried; it is tried again soon", extra={"plan_id": str(plan["id"])})
    return UUID(str(plan["id"]))


def _take(plan: Row) -> None:
    due_on, today = plan["next_on"], dates.today()
    is_late = (today - due_on).days > LATE_DAYS
    if not is_late and not payments.usable_approvals(approval_ids=[plan["approval_id"]]):
        return  # the bank is being asked still, or has refused and the plan is about to end
    month = dates.month_of(due_on)
    values = {"id": new_id(), "plan": plan["id"], "month": month, "due_on": due_on}
    if is_late:
        db.execute(_BEGIN_MONTH, values | {"status": "skipped"})
        next_on = _move_on(plan, after=today)
        note(plan["id"], "missed", due_on=due_on, next_on=next_on)
        return
    taken = False

    def begin() -> None:
        nonlocal taken
        taken = bool(db.execute(_BEGIN_MONTH, values | {"status": "taking"}))
        if taken:
            _give(plan, values["id"], month, number=1)

    if _unless_refused(plan, begin):
        _move_on(plan, after=due_on)
        if taken:
            note(plan["id"], "taken", due_on=due_on, amount=plan["amount"])


def _retry(plan: Row) -> None:
    def again() -> None:
        if db.execute(_TRY_AGAIN, [plan["month_id"]]):
            _give(plan, plan["month_id"], plan["month"], number=plan["tried"] + 1)

    if _unless_refused(plan, again):
        note(plan["id"], "taken", due_on=plan["due_on"], amount=plan["amount"])


def _give(plan: Row, month_id: UUID, month: Any, *, number: int) -> None:
    made = pledges.make_pledge(
        new=pledges.NewPledge(
            campaign_id=plan["campaign_id"],
            amount=plan["amount"],
            cover_amount=plan["cover_amount"],
            currency=plan["currency"],
            donor_id=plan["donor_id"],
            donor_email=plan["email"],
            donor_name=plan["name"],
            language=plan["language"],
            anonymous=plan["is_anonymous"],
            provider=plan["provider"],
            approval_id=plan["approval_id"],
            caller_scope=SCOPE,
            idempotency_key=f"{plan['id']}:{month:%Y-%m}:{number}",
        )
    )
    db.execute(
        _TRY,
        {
            "pledge": made.pledge_id,
            "month": month_id,
            "number": number,
            "amount": made.amount,
            "today": dates.today(),
        },
    )


def _unless_refused(plan: Row, give: Callable[[], None]) -> bool:
    """Whether it was given. Where the campaign takes no gifts, or not of this size, nothing of the try stays and the plan stops."""
    try:
        with transaction.atomic():
            give()
        return True
    except (CampaignNotAccepting, CampaignNotFound):
        campaign = campaigns.get_campaigns(campaign_ids=[plan["campaign_id"]]).get(plan["campaign_id"])
        if campaign and campaign.status == "paused":
            pause([plan["id"]], "campaign")
            note(plan["id"], "campaign_paused")
        else:
            end([plan["id"]], "campaign")
            note(plan["id"], "campaign_ended")
    except Invalid:
        pause([plan["id"]], "terms")
        note(plan["id"], "terms")
    return False


def _move_on(plan: Row, *, after: Any) -> Any:
    next_on = dates.first_free(
        day=plan["day"], after=after, taken=months_taken(plan["id"], dates.month_of(plan["next_on"]))
    )
    db.execute("UPDATE recurring_plan SET next_on = %s WHERE id = %s AND status = 'active'", [next_on, plan["id"]])
    return next_on
