"""Payments: moves money for an opaque reference. Asks no permissions: whoever calls has done that."""

from .data import Anomaly, AnomalyDecision, AnomalyPage, Capture, NewPayment, Payment, Receipt
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
from .queries import get_anomaly, list_anomalies, open_anomalies, payments_of
from .queries.circuits import stopped_providers
from .services.decide_anomaly import decide_anomaly
from .services.open_payments import open_payments, providers, validate_account
from .services.receive_webhook import receive_webhook
from .services.request_end import request_capture, request_release
from .services.request_refund import request_refund

__all__ = [
    "ActionNotPossible",
    "Anomaly",
    "AnomalyClosed",
    "AnomalyDecision",
    "AnomalyNotFound",
    "AnomalyPage",
    "Capture",
    "InvalidAccount",
    "InvalidSignature",
    "NewPayment",
    "Payment",
    "PaymentNotCapturable",
    "PaymentNotFound",
    "PaymentNotRefundable",
    "PaymentNotReleasable",
    "Receipt",
    "RefundExceedsCaptured",
    "UnknownProvider",
    "WebhookTooLarge",
    "decide_anomaly",
    "get_anomaly",
    "list_anomalies",
    "open_anomalies",
    "open_payments",
    "payments_of",
    "providers",
    "receive_webhook",
    "request_capture",
    "request_refund",
    "request_release",
    "stopped_providers",
    "validate_account",
]
