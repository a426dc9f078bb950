"""Short ways through a plan's months."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from apps.outbox import interface as outbox
from apps.payments.events import PaymentCaptured, PaymentFailed
from apps.platform import clock, db
from apps.platform.ids import new_id
from apps.pledges import interface as pledges
from apps.recurring import interface as recurring
from apps.recurring.queries.tokens import plan_token
from apps.recurring.services.announce import announce_due
from apps.recurring.services.take_due import retry_due, take_due
from tests.pledges.support import tell, wish


class Calendar(clock.FrozenClock):
    def to(self, day: date) -> None:
        """Noon of that day."""
        self.at = datetime.combine(day, time(12), tzinfo=self.at.tzinfo)

    def run_to(self, day: date) -> None:
        """Let the days go by, the scheduler's task running on each."""
        while self.at.date() < day:
            self.forward(timedelta(days=1))
            run()


def run() -> None:
    """What the scheduler's task does."""
    announce_due()
    take_due()
    retry_due()
    outbox.drain()


def begin(campaign_id: UUID, **changes: Any) -> str:
    """A plan whose first gift has arrived and whose approval stands; returns its link's token."""
    made = recurring.start_plan(new=wish(campaign_id, **{"idempotency_key": str(uuid4())} | changes))
    approve()
    tell(arrived(made.pledge_id))
    return token_of(made.pledge_id)


def approve() -> None:
    db.execute(
        """UPDATE payments_approval SET status = 'active', token = 'mnd_' || id, account = '', due_at = NULL
           WHERE status = 'pending'"""
    )


def token_of(pledge_id: UUID) -> str:
    return recurring.plans_of_gifts(pledge_ids=[pledge_id])[pledge_id].token


def arrived(pledge_id: UUID) -> PaymentCaptured:
    amount = db.rows("SELECT amount FROM pledges_pledge WHERE id = %s", [pledge_id])[0]["amount"]
    return PaymentCaptured(
        payment_id=new_id(),
        reference=pledge_id,
        amount=amount,
        currency="BDT",
        transaction=str(uuid4()),
        at=clock.now(),
    )


def declined(pledge_id: UUID, reason: str = "insufficient-funds") -> PaymentFailed:
    return PaymentFailed(payment_id=new_id(), reference=pledge_id, reason=reason, at=clock.now())


def tries(token: str) -> list[dict[str, Any]]:
    """All tries of the plan, oldest first."""
    return db.rows(
        """SELECT try.*, month.month, month.status AS month_status, month.retry_on FROM recurring_try AS try
           JOIN recurring_month AS month ON month.id = try.month_id JOIN recurring_plan AS plan ON plan.id = month.plan_id
           WHERE plan.id = %s ORDER BY month.month, try.number""",
        [recurring.follow_plan(token=token).id],
    )


def notes(token: str) -> list[str]:
    plan = recurring.follow_plan(token=token)
    assert plan_token(plan.id) == token
    return [
        row["what"] for row in db.rows("SELECT what FROM recurring_note WHERE plan_id = %s ORDER BY seq", [plan.id])
    ]


def gifts() -> int:
    return int(db.rows("SELECT count(*) AS gifts FROM pledges_pledge")[0]["gifts"])


__all__ = ["Calendar", "approve", "arrived", "begin", "declined", "gifts", "notes", "pledges", "run", "tell", "tries"]
