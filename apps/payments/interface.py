"""Payments: moves money for an opaque reference. Asks no permissions: whoever calls has done that."""

from .data import (
    Anomaly,
    AnomalyDecision,
    AnomalyPage,
    Capture,
    InboxMessage,
    NewPayment,
    Payment,
    ProviderStep,
    Receipt,
)
from .errors import (
    ActionNotPossible,
    AnomalyClosed,
    AnomalyNotFound,
    InvalidAccount,
    InvalidSignature,
    PaymentNotCapturable,
    PaymentNotFound,
    PaymentNotRefundable,
    PaymentNotReleasable,
    RefundExceedsCaptured,
    UnknownProvider,
    WebhookTooLarge,
)
from .queries import (
    OUTCOMES,
    get_anomaly,
    list_anomalies,
    list_webhooks,
    open_anomalies,
    payments_of,
    story_of,
    webhook_counts,
)
from .queries.circuits import stopped_providers
from .services.decide_anomaly import decide_anomaly
from .services.open_payments import open_payments, providers, validate_account
from .services.receive_webhook import receive_webhook
from .services.request_end import request_capture, request_release
from .services.request_refund import request_refund

__all__ = [
    "OUTCOMES",
    "ActionNotPossible",
    "Anomaly",
    "AnomalyClosed",
    "AnomalyDecision",
    "AnomalyNotFound",
    "AnomalyPage",
    "Capture",
    "InboxMessage",
    "InvalidAccount",
    "InvalidSignature",
    "NewPayment",
    "Payment",
    "PaymentNotCapturable",
    "PaymentNotFound",
    "PaymentNotRefundable",
    "PaymentNotReleasable",
    "ProviderStep",
    "Receipt",
    "RefundExceedsCaptured",
    "UnknownProvider",
    "WebhookTooLarge",
    "decide_anomaly",
    "get_anomaly",
    "list_anomalies",
    "list_webhooks",
    "open_anomalies",
    "open_payments",
    "payments_of",
    "providers",
    "receive_webhook",
    "request_capture",
    "request_refund",
    "request_release",
    "stopped_providers",
    "story_of",
    "validate_account",
    "webhook_counts",
]
