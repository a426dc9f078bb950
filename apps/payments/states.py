"""States of payments and of operations, and which move may follow which."""

from enum import StrEnum

from apps.platform.states import Moves


class PaymentStatus(StrEnum):
    PENDING = "pending"
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    FAILED = "failed"


# FAILED -> CAPTURED is money that was taken after all; the database lets it through only beside the provider's proof.
PAYMENT_MOVES: Moves[PaymentStatus] = Moves(
    {
        PaymentStatus.PENDING: {PaymentStatus.AUTHORIZED, PaymentStatus.CAPTURED, PaymentStatus.FAILED},
        PaymentStatus.AUTHORIZED: {PaymentStatus.CAPTURED, PaymentStatus.FAILED},
        PaymentStatus.FAILED: {PaymentStatus.CAPTURED},
    }
)


class OperationKind(StrEnum):
    """What the provider is asked to do. RETRIEVE and PROVE only ask: how it stands; whether it truly took the money."""

    AUTHORIZE = "authorize"
    CAPTURE = "capture"
    RELEASE = "release"
    REFUND = "refund"
    RETRIEVE = "retrieve"
    PROVE = "prove"


class OperationStatus(StrEnum):
    """DUE was never called. CALLING is leased to a worker. UNKNOWN was called, and only asking can tell what it did."""

    DUE = "due"
    CALLING = "calling"
    UNKNOWN = "unknown"
    DONE = "done"
    REFUSED = "refused"


LIVE = (OperationStatus.DUE, OperationStatus.CALLING, OperationStatus.UNKNOWN)

OPERATION_MOVES: Moves[OperationStatus] = Moves(
    {
        OperationStatus.DUE: {OperationStatus.CALLING, OperationStatus.DONE, OperationStatus.REFUSED},
        OperationStatus.CALLING: {OperationStatus.UNKNOWN, OperationStatus.DONE, OperationStatus.REFUSED},
        OperationStatus.UNKNOWN: {OperationStatus.CALLING, OperationStatus.DONE, OperationStatus.REFUSED},
    }
)


class FactKind(StrEnum):
    """What a provider told. The two last are its answers to the question whether a contested capture is true."""

    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    FAILED = "failed"
    RELEASED = "released"
    REFUNDED = "refunded"
    PROVEN = "capture_proven"
    DISPROVEN = "capture_disproven"


class CircuitState(StrEnum):
    CLOSED = "closed"
    HALF_OPEN = "half_open"
    OPEN = "open"


class AnomalyState(StrEnum):
    """RESOLVED: a later truth or a person settled it. DISMISSED: a person found that nothing follows from it."""

    OPEN = "open"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"


ANOMALY_MOVES: Moves[AnomalyState] = Moves({AnomalyState.OPEN: {AnomalyState.RESOLVED, AnomalyState.DISMISSED}})


class AnomalyAction(StrEnum):
    """What a person may do about a finding. ASK leaves it open: the answer settles it, or they decide knowing it.

    SETTLE is nobody's to choose: it is written down when a later truth closes a finding.
    """

    ASK = "ask"
    ACCEPT = "accept"
    REFUND = "refund"
    DISMISS = "dismiss"
    SETTLE = "settle"


class ApprovalStatus(StrEnum):
    """PENDING: the provider is to be asked. ENDING: it is to be told that the approval ends. The others are settled."""

    PENDING = "pending"
    ACTIVE = "active"
    REFUSED = "refused"
    ENDING = "ending"
    ENDED = "ended"


APPROVAL_MOVES: Moves[ApprovalStatus] = Moves(
    {
        ApprovalStatus.PENDING: {ApprovalStatus.ACTIVE, ApprovalStatus.REFUSED, ApprovalStatus.ENDING},
        ApprovalStatus.ACTIVE: {ApprovalStatus.ENDING},
        ApprovalStatus.ENDING: {ApprovalStatus.ENDED},
    }
)
