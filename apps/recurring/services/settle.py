"""What becomes of the gifts of plans: months are paid, tried again or given up. Order and repeats of the facts cannot matter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from apps.platform import db
from apps.platform.actors import SYSTEM
from apps.pledges import interface as pledges
from apps.pledges.events import PledgeCaptured, PledgeFailed

from ..data import RETRY_AFTER
from ..queries import dates
from ..queries.plans import months_taken
from ..states import PlanStatus
from .note import note
from .stop import end, pause

FOR_GOOD = frozenset({"account-closed", "mandate-revoked", "unknown-mandate", "unknown-account"})
"""What no waiting mends: the donor has to approve anew."""
Row = dict[str, Any]
_CONCERNED = """
    SELECT DISTINCT month.plan_id FROM recurring_try AS try JOIN recurring_month AS month ON month.id = try.month_id
    WHERE try.pledge_id = ANY(%s) ORDER BY 1
"""
_LOCK = "SELECT id FROM recurring_plan WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
# A statement of its own behind the lock, so that it sees what others have just done to these plans.
_TRY = """
    SELECT try.pledge_id, try.month_id, try.number, try.status, month.due_on, month.status AS month_status, plan.id AS plan_id,
           plan.day, plan.status AS plan_status
    FROM recurring_try AS try JOIN recurring_month AS month ON month.id = try.month_id
    JOIN recurring_plan AS plan ON plan.id = month.plan_id WHERE try.pledge_id = %s
"""
_SET_TRY = "UPDATE recurring_try SET status = %(status)s, reason = %(reason)s WHERE pledge_id = %(pledge)s"
_SET_MONTH = "UPDATE recurring_month SET status = %(status)s, retry_on = %(retry_on)s WHERE id = %(month)s"
_BEGIN = """
    UPDATE recurring_plan SET status = 'active', next_on = %(next_on)s WHERE id = %(plan)s AND status = 'starting'
"""


def follow_gifts(facts: Sequence[PledgeCaptured | PledgeFailed]) -> None:
    """Apply a batch of facts about gifts, in the open transaction. One query where none of them belongs to a plan."""
    plans = [row["plan_id"] for row in db.rows(_CONCERNED, [[fact.pledge_id for fact in facts]])]
    if not plans:
        return
    db.rows(_LOCK, [plans])
    for fact in facts:
        for gift in db.rows(_TRY, [fact.pledge_id]):
            if isinstance(fact, PledgeCaptured):
                _arrived(gift)
            elif gift["status"] == "pending":
                _failed(gift, fact.reason)


def _arrived(gift: Row) -> None:
    if gift["status"] in ("captured", "surplus"):
        return
    if gift["month_status"] == "paid":  # an earlier try was taken after all, while a later one was on its way
        _set_try(gift, "surplus")
        pledges.refund_pledge(pledge_id=gift["pledge_id"], by=SYSTEM, reason="This month was paid already.")
        return
    _set_try(gift, "captured")
    _set_month(gift, "paid")
    if gift["plan_status"] == PlanStatus.STARTING:
        month = dates.month_of(gift["due_on"])
        next_on = dates.first_free(
            day=gift["day"], after=max(gift["due_on"], dates.today()), taken=months_taken(gift["plan_id"], month)
        )
        db.execute(_BEGIN, {"plan": gift["plan_id"], "next_on": next_on})
        note(gift["plan_id"], "began", next_on=next_on)


def _failed(gift: Row, reason: str) -> None:
    _set_try(gift, "failed", reason)
    if gift["month_status"] == "paid":
        return
    plan, told = [gift["plan_id"]], {"due_on": gift["due_on"], "reason": reason}
    if gift["plan_status"] == PlanStatus.STARTING:
        _set_month(gift, "failed")
        end(plan, "first-gift")
        note(gift["plan_id"], "first_gift", **told)
    elif gift["plan_status"] != PlanStatus.ACTIVE:
        _set_month(gift, "failed")
    elif reason in FOR_GOOD:
        _set_month(gift, "failed")
        end(plan, "method")
        note(gift["plan_id"], "method", **told)
    elif gift["number"] > len(RETRY_AFTER):
        _set_month(gift, "failed")
        pause(plan, "payments")
        note(gift["plan_id"], "gave_up", **told, tries=gift["number"])
    else:
        planned = gift["due_on"] + timedelta(days=RETRY_AFTER[gift["number"] - 1])
        retry_on = max(planned, dates.today() + timedelta(days=1))
        _set_month(gift, "waiting", retry_on)
        note(gift["plan_id"], "failed", **told, retry_on=retry_on, tries=gift["number"])


def _set_try(gift: Row, status: str, reason: str = "") -> None:
    db.execute(_SET_TRY, {"pledge": gift["pledge_id"], "status": status, "reason": reason[:64]})


def _set_month(gift: Row, status: str, retry_on: Any = None) -> None:
    db.execute(_SET_MONTH, {"month": gift["month_id"], "status": status, "retry_on": retry_on})
