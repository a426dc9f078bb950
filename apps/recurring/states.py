"""The way of a plan and of each of its months."""

from enum import StrEnum

from apps.platform.states import Moves


class PlanStatus(StrEnum):
    """STARTING waits for its first gift to arrive. Only an ACTIVE plan takes anything."""

    STARTING = "starting"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


PLAN_MOVES: Moves[PlanStatus] = Moves(
    {
        PlanStatus.STARTING: {PlanStatus.ACTIVE, PlanStatus.ENDED},
        PlanStatus.ACTIVE: {PlanStatus.PAUSED, PlanStatus.ENDED},
        PlanStatus.PAUSED: {PlanStatus.ACTIVE, PlanStatus.ENDED},
    }
)


class MonthStatus(StrEnum):
    """TAKING has a gift under way, WAITING failed and is tried again on a date, FAILED is not tried any more."""

    TAKING = "taking"
    WAITING = "waiting"
    PAID = "paid"
    FAILED = "failed"
    SKIPPED = "skipped"


# FAILED -> PAID: money that was really taken wins over what we believed.
MONTH_MOVES: Moves[MonthStatus] = Moves(
    {
        MonthStatus.TAKING: {MonthStatus.WAITING, MonthStatus.PAID, MonthStatus.FAILED},
        MonthStatus.WAITING: {MonthStatus.TAKING, MonthStatus.PAID, MonthStatus.FAILED},
        MonthStatus.FAILED: {MonthStatus.PAID},
    }
)


class TryStatus(StrEnum):
    """SURPLUS was captured although its month was paid: it goes back."""

    PENDING = "pending"
    CAPTURED = "captured"
    FAILED = "failed"
    SURPLUS = "surplus"


TRY_MOVES: Moves[TryStatus] = Moves(
    {
        TryStatus.PENDING: {TryStatus.CAPTURED, TryStatus.FAILED, TryStatus.SURPLUS},
        TryStatus.FAILED: {TryStatus.CAPTURED, TryStatus.SURPLUS},
    }
)
