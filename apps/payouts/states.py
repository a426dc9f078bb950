"""The way of a payout: asked for, approved by somebody else, sent, and proven by the bank."""

from enum import StrEnum

from apps.platform.states import Moves


class Status(StrEnum):
    """SENDING may have been called already: what became of it is asked of the bank before anything is repeated."""

    REQUESTED = "requested"
    APPROVED = "approved"
    SENDING = "sending"
    PAID = "paid"
    FAILED = "failed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN = (Status.REQUESTED, Status.APPROVED, Status.SENDING)
"""Money that is spoken for: one payout of a campaign at a time."""
GONE = (*OPEN, Status.PAID)
MOVES: Moves[Status] = Moves(
    {
        Status.REQUESTED: {Status.APPROVED, Status.DECLINED, Status.WITHDRAWN},
        Status.APPROVED: {Status.SENDING},
        Status.SENDING: {Status.PAID, Status.FAILED},
    }
)
