from .anomaly import Anomaly, AnomalyDecision
from .fact import Fact
from .operation import Operation
from .payment import Payment
from .provider import EventCursor, ProviderCircuit
from .refund import Refund
from .webhook import WebhookMessage, WebhookTally

__all__ = [
    "Anomaly",
    "AnomalyDecision",
    "EventCursor",
    "Fact",
    "Operation",
    "Payment",
    "ProviderCircuit",
    "Refund",
    "WebhookMessage",
    "WebhookTally",
]
