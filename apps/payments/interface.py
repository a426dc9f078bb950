"""Payments: moves money for an opaque reference. Asks no permissions: whoever calls has done that."""

from .data import (
    AT_BANK,
    Anomaly,
    AnomalyDecision,
    AnomalyPage,
    Capture,
    InboxMessage,
    LedgerLine,
    NewPayment,
    Payment,
    ProviderBooks,
    ProviderStep,
    Receipt,
)
from .errors import (
    ActionNotPossible,
    AnomalyClosed,
    AnomalyNotFound,
    ApprovalNotUsable,
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
from .services.approvals import end_approval, open_approval, usable_approvals
from .services.consent_page import consent_page
from .services.decide_anomaly import decide_anomaly
from .services.fees import fee_of, fee_points, total_covering
from .services.look_up import look_up
from .services.open_payments import open_payments, providers, validate_account
from .services.receive_webhook import receive_webhook
from .services.request_end import request_capture, request_release
from .services.request_refund import request_refund

__all__ = [
    "AT_BANK",
    "consent_page",
    "OUTCOMES",
    "ActionNotPossible",
    "Anomaly",
    "AnomalyClosed",
    "AnomalyDecision",
    "AnomalyNotFound",
    "AnomalyPage",
    "ApprovalNotUsable",
    "Capture",
    "InboxMessage",
    "InvalidAccount",
    "InvalidSignature",
    "LedgerLine",
    "NewPayment",
    "Payment",
    "PaymentNotCapturable",
    "PaymentNotFound",
    "PaymentNotRefundable",
    "PaymentNotReleasable",
    "ProviderBooks",
    "ProviderStep",
    "Receipt",
    "RefundExceedsCaptured",
    "UnknownProvider",
    "WebhookTooLarge",
    "decide_anomaly",
    "end_approval",
    "fee_of",
    "fee_points",
    "get_anomaly",
    "list_anomalies",
    "list_webhooks",
    "look_up",
    "open_anomalies",
    "open_approval",
    "open_payments",
    "payments_of",
    "providers",
    "receive_webhook",
    "request_capture",
    "request_refund",
    "request_release",
    "stopped_providers",
    "story_of",
    "total_covering",
    "usable_approvals",
    "validate_account",
    "webhook_counts",
]
