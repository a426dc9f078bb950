"""What payments learnt becomes the state of pledges. Order and repeats of the facts cannot matter: moves are guarded,
refunds are rows that enter the pledge's amounts once it is captured."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from apps.outbox import interface as outbox
from apps.payments.events import (
    PaymentAuthorized,
    PaymentCaptured,
    PaymentFailed,
    PaymentRefunded,
    PaymentRefundFailed,
    PaymentReleased,
)
from apps.platform.events import Event

from ..events import PledgeAuthorized, PledgeCaptured, PledgeFailed
from ..states import Status
from .move import Move, move_pledges
from .return_late import closed_to, return_late
from .settle_refunds import count_refunds, give_up_refunds, record_refunds

REASON_MAX = 64
RELEASED = "released"
PaymentFact = (
    PaymentAuthorized | PaymentCaptured | PaymentFailed | PaymentReleased | PaymentRefunded | PaymentRefundFailed
)


def follow_payments(facts: Sequence[PaymentFact]) -> None:
    """Apply a batch of payment facts and announce what became of the pledges. A constant number of statements."""
    authorized = {fact.reference: Move() for fact in facts if isinstance(fact, PaymentAuthorized)}
    captured = {fact.reference: Move(captured=fact.amount) for fact in facts if isinstance(fact, PaymentCaptured)}
    failed = {
        fact.reference: Move(reason=fact.reason[:REASON_MAX]) for fact in facts if isinstance(fact, PaymentFailed)
    }
    failed |= {fact.reference: Move(reason=RELEASED) for fact in facts if isinstance(fact, PaymentReleased)}

    closed = closed_to(captured)
    news: list[Event] = [
        PledgeAuthorized(**moved.facts(), amount=moved.amount) for moved in move_pledges(Status.AUTHORIZED, authorized)
    ]
    taken = move_pledges(Status.CAPTURED, captured)
    news += [PledgeCaptured(**moved.facts(), amount=moved.captured_amount) for moved in taken]
    news += [
        PledgeFailed(**moved.facts(), amount=moved.amount, reason=moved.reason)
        for moved in move_pledges(Status.FAILED, failed)
    ]
    news += _refunds(facts, set(captured))
    return_late(taken, closed)
    outbox.publish(*news)


def _refunds(facts: Sequence[PaymentFact], captured: set[UUID]) -> list[Event]:
    succeeded = [fact for fact in facts if isinstance(fact, PaymentRefunded)]
    failed = [fact for fact in facts if isinstance(fact, PaymentRefundFailed)]
    record_refunds(succeeded)
    give_up_refunds(failed)
    concerned = captured | {fact.reference for fact in succeeded} | {fact.reference for fact in failed}
    return list(count_refunds(concerned))
