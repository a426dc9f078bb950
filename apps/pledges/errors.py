from apps.platform.errors import Forbidden, Invalid, InvalidTransition, Kind, NotFound, Refused

__all__ = [
    "Busy",
    "CampaignNotAccepting",
    "CampaignNotFound",
    "Forbidden",
    "HistoryLinkInvalid",
    "IdempotencyKeyInUse",
    "IdempotencyKeyReused",
    "Invalid",
    "InvalidTransition",
    "JobNotFound",
    "NobodyToWriteTo",
    "NothingToDo",
    "OutcomeUnknown",
    "PledgeNotFound",
    "OwnRefund",
    "ReceiptNotFound",
    "RefundDecided",
    "RefundExceedsCaptured",
    "RefundNotFound",
    "TooManyGifts",
]


class PledgeNotFound(NotFound):
    code = "pledge-not-found"
    title = "There is no such pledge."


class ReceiptNotFound(NotFound):
    code = "receipt-not-found"
    title = "There is no such receipt."


class JobNotFound(NotFound):
    code = "job-not-found"
    title = "There is no such job."


class NobodyToWriteTo(Refused):
    code = "nobody-to-write-to"
    kind = Kind.CONFLICT
    title = "The donor's address is not known any more."


class NothingToDo(Refused):
    code = "nothing-to-do"
    kind = Kind.CONFLICT
    title = "This can be done to none of the chosen gifts."


class TooManyGifts(Refused):
    code = "too-many-gifts"
    kind = Kind.UNPROCESSABLE
    title = "At most 5,000 gifts at once. Narrow the list down first."


class HistoryLinkInvalid(NotFound):
    code = "history-link-invalid"
    title = "This link was used before, or is too old."


class CampaignNotFound(NotFound):
    code = "campaign-not-found"
    title = "There is no such campaign."


class CampaignNotAccepting(Refused):
    code = "campaign-not-accepting"
    kind = Kind.CONFLICT
    title = "This campaign does not take gifts now."


class RefundExceedsCaptured(Refused):
    code = "refund-exceeds-captured"
    kind = Kind.CONFLICT
    title = "The refund is more than what is left of the captured amount."


class RefundNotFound(NotFound):
    code = "refund-not-found"
    title = "There is no such refund."


class RefundDecided(Refused):
    code = "refund-decided"
    title = "This refund was decided already."


class OwnRefund(Refused):
    code = "own-refund"
    kind = Kind.FORBIDDEN
    title = "Somebody else must decide: nobody approves what they asked for themselves."


class IdempotencyKeyReused(Refused):
    code = "idempotency-key-reused"
    kind = Kind.UNPROCESSABLE
    title = "This idempotency key was used for another request."


class IdempotencyKeyInUse(Refused):
    code = "idempotency-key-in-use"
    kind = Kind.CONFLICT
    title = "The first request with this idempotency key is still being worked on."

    def __init__(self) -> None:
        super().__init__(retry_after=1)


class Busy(Refused):
    code = "too-busy"
    kind = Kind.UNAVAILABLE
    title = "Too many gifts arrive at this moment. Nothing was changed; try again shortly."

    def __init__(self) -> None:
        super().__init__(retry_after=1)


class OutcomeUnknown(Refused):
    code = "outcome-unknown"
    kind = Kind.UNAVAILABLE
    title = (
        "No answer came in time. Ask again with the same Idempotency-Key: it makes one gift, however often it is sent."
    )

    def __init__(self) -> None:
        super().__init__(retry_after=2)
