"""Refusals of payments."""

from apps.platform.errors import Kind, Refused


class UnknownProvider(Refused):
    code = "unknown-provider"
    kind = Kind.NOT_FOUND
    title = "There is no payment provider of this name."


class InvalidAccount(Refused):
    code = "invalid-account"
    kind = Kind.INVALID
    title = "This is not an account number of the provider."


class ApprovalNotUsable(Refused):
    code = "approval-not-usable"
    kind = Kind.CONFLICT
    title = "The payer's approval does not stand at the provider (yet, or any more)."


class PaymentNotFound(Refused):
    code = "payment-not-found"
    kind = Kind.NOT_FOUND
    title = "There is no payment for this reference."


class PaymentNotCapturable(Refused):
    code = "invalid-transition"
    kind = Kind.CONFLICT
    title = "Only an authorized payment that is not being released can be captured."


class PaymentNotReleasable(Refused):
    code = "invalid-transition"
    kind = Kind.CONFLICT
    title = "Only an authorized payment that is not being captured can be released."


class PaymentNotRefundable(Refused):
    code = "invalid-transition"
    kind = Kind.CONFLICT
    title = "Only a captured payment can be refunded."


class RefundExceedsCaptured(Refused):
    code = "refund-exceeds-captured"
    kind = Kind.CONFLICT
    title = "A refund cannot be more than what was captured and not yet refunded."


class InvalidSignature(Refused):
    code = "invalid-signature"
    kind = Kind.UNAUTHENTICATED
    title = "The signature is missing, wrong or too old."


class WebhookTooLarge(Refused):
    code = "webhook-too-large"
    kind = Kind.TOO_LARGE
    title = "A webhook is at most 64 KiB."


class AnomalyNotFound(Refused):
    code = "anomaly-not-found"
    kind = Kind.NOT_FOUND
    title = "There is no such finding."


class AnomalyClosed(Refused):
    code = "anomaly-closed"
    kind = Kind.CONFLICT
    title = "This finding was decided otherwise, or a later truth has settled it."


class ActionNotPossible(Refused):
    code = "action-not-possible"
    kind = Kind.CONFLICT
    title = "This cannot be done about a finding of this kind, or not any more."


class MalformedMessage(ValueError):
    """A provider's message that is genuine but cannot be read."""
