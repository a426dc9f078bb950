"""Payments: moves money for an opaque reference. Asks no permissions: whoever calls has done that."""

from .data import Capture, NewPayment, Payment, Receipt
from .errors import (
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
from .queries import payments_of
from .services.open_payments import open_payments, providers, validate_account
from .services.receive_webhook import receive_webhook
from .services.request_end import request_capture, request_release
from .services.request_refund import request_refund

__all__ = [
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
    "open_payments",
    "payments_of",
    "providers",
    "receive_webhook",
    "request_capture",
    "request_refund",
    "request_release",
    "validate_account",
]
