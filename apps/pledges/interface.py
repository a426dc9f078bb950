"""The promise to give: made once per intent, followed to its end, refunded without ever exceeding what was captured."""

from .data import (
    AwaitingRefund,
    ConfirmedReceipt,
    DedicationLetter,
    GiftContact,
    GiftRecord,
    GiftStory,
    HistoryLink,
    MadePledge,
    NewDedication,
    NewPledge,
    Page,
    PastGift,
    Pledge,
    Receipt,
    ReceiptRefund,
    Refund,
    RefundStep,
    Statement,
    StateStep,
    TimelineEntry,
    TrackedGift,
    WallEntry,
    YearSum,
)
from .queries.awaiting import awaiting_refund, awaiting_refunds
from .queries.contacts import gift_contacts
from .queries.dedications import dedication_letters
from .queries.figures import captured_count, refunds_under_way
from .queries.follow_gift import follow_gift
from .queries.gift_records import gift_records, gift_records_after, story_of
from .queries.guest_history import gifts_of_address
from .queries.history import has_given, years_of_donor
from .queries.intents import was_taken
from .queries.pledges import get_pledge, list_pledges, manages
from .queries.receipts import confirm_receipt, get_receipt, receipt_of_gift, receipts_of
from .queries.statements import statement_of, statement_years
from .queries.tokens import key_of_address, tracking_token
from .queries.wall import donor_wall, public_names
from .services.ask_payments import cancel_pledge, capture_pledge
from .services.decide_refund import approve_refund, decline_refund
from .services.dedications import refuse_dedications
from .services.history_links import history_link, open_history, request_history
from .services.idempotency import run_idempotently
from .services.make_pledge import make_pledge
from .services.make_pledges import make_pledges
from .services.pay_at_bank import bank_page, return_token, returned_to
from .services.refund import refund_pledge

__all__ = [
    "AwaitingRefund",
    "Statement",
    "statement_of",
    "statement_years",
    "bank_page",
    "return_token",
    "returned_to",
    "ConfirmedReceipt",
    "GiftContact",
    "DedicationLetter",
    "HistoryLink",
    "GiftRecord",
    "GiftStory",
    "MadePledge",
    "NewDedication",
    "NewPledge",
    "Page",
    "PastGift",
    "Pledge",
    "Receipt",
    "ReceiptRefund",
    "Refund",
    "RefundStep",
    "StateStep",
    "TimelineEntry",
    "TrackedGift",
    "WallEntry",
    "YearSum",
    "approve_refund",
    "awaiting_refund",
    "awaiting_refunds",
    "cancel_pledge",
    "capture_pledge",
    "captured_count",
    "confirm_receipt",
    "decline_refund",
    "dedication_letters",
    "donor_wall",
    "follow_gift",
    "get_pledge",
    "get_receipt",
    "gift_contacts",
    "gifts_of_address",
    "history_link",
    "gift_records",
    "gift_records_after",
    "has_given",
    "key_of_address",
    "list_pledges",
    "make_pledge",
    "make_pledges",
    "manages",
    "open_history",
    "public_names",
    "receipt_of_gift",
    "receipts_of",
    "refund_pledge",
    "refuse_dedications",
    "request_history",
    "refunds_under_way",
    "run_idempotently",
    "story_of",
    "tracking_token",
    "was_taken",
    "years_of_donor",
]
