"""The way of a pledge. Refunds are amounts beside the state: a captured pledge stays captured."""

from enum import StrEnum

from apps.platform.states import Moves


class Status(StrEnum):
    PENDING = "pending"
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    FAILED = "failed"


class RefundStatus(StrEnum):
    """AWAITING a second person's approval: reserved, and nobody has been asked to pay it back yet."""

    AWAITING = "awaiting"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


# FAILED -> CAPTURED: money that was really taken wins over what we believed.
MOVES: Moves[Status] = Moves(
    {
        Status.PENDING: {Status.AUTHORIZED, Status.CAPTURED, Status.FAILED},
        Status.AUTHORIZED: {Status.CAPTURED, Status.FAILED},
        Status.FAILED: {Status.CAPTURED},
    }
)
REFUND_MOVES: Moves[RefundStatus] = Moves(
    {
        RefundStatus.AWAITING: {RefundStatus.PENDING, RefundStatus.FAILED},
        RefundStatus.PENDING: {RefundStatus.SUCCEEDED, RefundStatus.FAILED},
    }
)


class JobStatus(StrEnum):
    PREPARED = "prepared"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


JOB_MOVES: Moves[JobStatus] = Moves(
    {JobStatus.PREPARED: {JobStatus.RUNNING}, JobStatus.RUNNING: {JobStatus.DONE, JobStatus.STOPPED}}
)


def shown_status(status: str, *, captured: int, refunded: int) -> str:
    """What people see: the state, or what the refunds made of it."""
    if status != Status.CAPTURED or refunded == 0:
        return status
    return "refunded" if refunded >= captured else "partially_refunded"


DEDICATION_MOVES: Moves[str] = Moves({"waiting": {"told", "dropped"}})
