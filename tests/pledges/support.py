"""Short ways to campaigns, pledges and the facts about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import connections, transaction

from apps.campaigns import interface as campaigns
from apps.outbox import interface as outbox
from apps.payments.events import (
    PaymentAuthorized,
    PaymentCaptured,
    PaymentFailed,
    PaymentRefunded,
    PaymentRefundFailed,
    PaymentReleased,
)
from apps.platform import clock, db
from apps.platform.actors import SYSTEM, Actor
from apps.platform.events import Event
from apps.platform.ids import new_id
from apps.pledges import interface as pledges

PAYS = "4000-0000-0000-0001"
Result = TypeVar("Result")


def open_campaign(manager: Actor, **changes: Any) -> campaigns.Campaign:
    """A campaign that takes gifts."""
    draft = campaigns.create_campaign(by=manager, new=campaigns.NewCampaign(**_CAMPAIGN | changes))
    campaigns.submit_campaign(campaign_id=draft.id, by=manager)
    return campaigns.publish_campaign(campaign_id=draft.id, by=SYSTEM)


_CAMPAIGN: dict[str, Any] = {
    "title": "Blankets for Kurigram",
    "summary": "Warm nights for 400 families.",
    "story": "The river took the houses.",
    "category": "relief",
    "goal_amount": 100_000_00,
    "currency": "BDT",
    "minimum_amount": 10_00,
    "maximum_amount": 50_000_00,
}


def wish(campaign_id: UUID, **changes: Any) -> pledges.NewPledge:
    """A guest's wish to give 500 taka."""
    values = {
        "campaign_id": campaign_id,
        "amount": 500_00,
        "donor_email": "guest@example.org",
        "donor_name": "Gulshan Guest",
        "account": PAYS,
    }
    return pledges.NewPledge(**values | changes)


def authorized(pledge_id: UUID) -> PaymentAuthorized:
    return PaymentAuthorized(payment_id=new_id(), reference=pledge_id, amount=500_00, currency="BDT", at=clock.now())


def captured(pledge_id: UUID) -> PaymentCaptured:
    return PaymentCaptured(
        payment_id=new_id(),
        reference=pledge_id,
        amount=500_00,
        currency="BDT",
        transaction=str(uuid4()),
        at=clock.now(),
    )


def taken(made: pledges.MadePledge) -> PaymentCaptured:
    """All of a gift of any amount was captured."""
    return PaymentCaptured(
        payment_id=new_id(),
        reference=made.pledge_id,
        amount=made.amount,
        currency=made.currency,
        transaction=f"taken-{made.pledge_id}",
        at=clock.now(),
    )


def failed(pledge_id: UUID) -> PaymentFailed:
    return PaymentFailed(payment_id=new_id(), reference=pledge_id, reason="insufficient-funds", at=clock.now())


def released(pledge_id: UUID) -> PaymentReleased:
    return PaymentReleased(payment_id=new_id(), reference=pledge_id, at=clock.now())


def refunded(pledge_id: UUID, amount: int, refund_id: UUID | None = None) -> PaymentRefunded:
    return PaymentRefunded(
        payment_id=new_id(),
        reference=pledge_id,
        refund_id=refund_id,
        amount=amount,
        transaction=str(uuid4()),
        at=clock.now(),
    )


def refund_refused(pledge_id: UUID, amount: int, refund_id: UUID) -> PaymentRefundFailed:
    return PaymentRefundFailed(
        payment_id=new_id(), reference=pledge_id, refund_id=refund_id, amount=amount, reason="no", at=clock.now()
    )


def tell(*facts: Event) -> None:
    """Publish facts as payments would, then let everyone who listens act."""
    with transaction.atomic():
        outbox.publish(*facts)
    outbox.drain()


def believe_captured(pledge_id: UUID) -> None:
    """Make payments' own row say what a provider would have made it say, so that refunds can be asked of it."""
    db.execute(
        """UPDATE payments_payment SET status = 'captured', captured_amount = amount, hold = id::text, transaction = 'taken'
           WHERE reference = %s""",
        [pledge_id],
    )


def row_of(pledge_id: UUID) -> dict[str, Any]:
    return db.rows("SELECT * FROM pledges_pledge WHERE id = %s", [pledge_id])[0]


def history_of(pledge_id: UUID) -> list[tuple[int, str, str]]:
    rows = db.rows("SELECT seq, source, target FROM pledges_statechange WHERE pledge_id = %s ORDER BY seq", [pledge_id])
    return [(row["seq"], row["source"], row["target"]) for row in rows]


def at_once(calls: Sequence[Callable[[], Result]]) -> list[Result | Exception]:
    """Run the calls in threads that all start behind one barrier; what a call raises is its result."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Result]) -> Result | Exception:
        try:
            barrier.wait(30)
            return call()
        except Exception as error:  # noqa: BLE001  the test looks at it
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def kinds(results: Iterable[object]) -> dict[str, int]:
    found: dict[str, int] = {}
    for result in results:
        found[type(result).__name__] = found.get(type(result).__name__, 0) + 1
    return found
