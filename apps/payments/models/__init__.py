from .anomaly import Anomaly, AnomalyDecision
from .approval import Approval
from .fact import Fact
from .operation import Operation
from .payment import Payment
from .provider import EventCursor, ProviderCircuit
from .refund import Refund
from .webhook import WebhookMessage, WebhookTally

__all__ = [
    "Anomaly",
    "AnomalyDecision",
    "Approval",
    "EventCursor",
    "Fact",
    "Operation",
    "Payment",
    "ProviderCircuit",
    "Refund",
    "WebhookMessage",
    "WebhookTally",
]
