"""The promise to give: made once per intent, followed to its end, refunded without ever exceeding what was captured."""

from .data import (
    ConfirmedReceipt,
    MadePledge,
    NewPledge,
    Page,
    Pledge,
    Receipt,
    ReceiptRefund,
    Refund,
    TimelineEntry,
    TrackedGift,
    WallEntry,
    YearSum,
)
from .queries.figures import captured_count
from .queries.follow_gift import follow_gift
from .queries.history import years_of_donor
from .queries.pledges import get_pledge, list_pledges, manages
from .queries.receipts import confirm_receipt, get_receipt, receipt_of_gift, receipts_of
from .queries.tokens import tracking_token
from .queries.wall import donor_wall, public_names
from .services.ask_payments import cancel_pledge, capture_pledge
from .services.idempotency import run_idempotently
from .services.make_pledges import make_pledge, make_pledges
from .services.refund import refund_pledge

__all__ = [
    "ConfirmedReceipt",
    "MadePledge",
    "NewPledge",
    "Page",
    "Pledge",
    "Receipt",
    "ReceiptRefund",
    "Refund",
    "TimelineEntry",
    "TrackedGift",
    "WallEntry",
    "YearSum",
    "cancel_pledge",
    "capture_pledge",
    "captured_count",
    "confirm_receipt",
    "donor_wall",
    "follow_gift",
    "get_pledge",
    "get_receipt",
    "list_pledges",
    "make_pledge",
    "make_pledges",
    "manages",
    "public_names",
    "receipt_of_gift",
    "receipts_of",
    "refund_pledge",
    "run_idempotently",
    "tracking_token",
    "years_of_donor",
]
