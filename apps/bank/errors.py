from apps.platform.errors import Kind, NotFound, Refused


class UnknownAccount(NotFound):
    code = "unknown-account"
    title = "There is no such account."


class UnknownAuthorization(NotFound):
    code = "unknown-authorization"
    title = "There is no such authorization."


class UnknownMandate(NotFound):
    code = "unknown-mandate"
    title = "There is no such mandate."


class Declined(Refused):
    """The bank says no; `code` says why."""

    kind = Kind.DECLINED
    title = "The bank declined."


class InsufficientFunds(Declined):
    code = "insufficient-funds"


class AccountClosed(Declined):
    code = "account-closed"


class MandateRevoked(Declined):
    code = "mandate-revoked"
    title = "The account's owner has taken this mandate back."


class PayerRefused(Declined):
    code = "refused-by-payer"
    title = "The payer said no."


class ConsentExpired(Declined):
    code = "consent-expired"
    title = "The payer did not answer in time."


class ConsentAnswered(Refused):
    code = "consent-answered"
    title = "This payment was answered already."


class OtherVisitor(Refused):
    code = "other-visitor"
    kind = Kind.FORBIDDEN
    title = "This payment is being answered in another browser."


class CaptureDeclined(Declined):
    code = "capture-declined"


class ReferenceReused(Refused):
    code = "reference-reused"
    title = "This reference belongs to something else."


class IdempotencyKeyReused(Refused):
    code = "idempotency-key-reused"
    kind = Kind.UNPROCESSABLE
    title = "This Idempotency-Key was used for another request."


class HoldNotCapturable(Refused):
    code = "hold-not-capturable"
    title = "This hold has ended already."


class HoldExpired(Refused):
    code = "hold-expired"
    title = "This hold has expired."


class CaptureExceedsHold(Refused):
    code = "capture-exceeds-hold"
    title = "The capture is larger than the hold."


class RefundExceedsCaptured(Refused):
    code = "refund-exceeds-captured"
    title = "The refund is larger than what was captured and not yet refunded."


class TryLater(Refused):
    code = "bank-unavailable"
    kind = Kind.UNAVAILABLE
    title = "The bank does not answer at the moment."
