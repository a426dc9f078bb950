"""The promise to give: made once per intent, followed to its end, refunded without ever exceeding what was captured."""

from .data import (
    JOB_ACTIONS,
    JOB_MAX,
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
    Note,
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
from .queries.jobs import Job, JobGift, get_job, gifts_of_job, list_jobs, sums_of_job
from .queries.notes import notes_of
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
from .services.jobs.prepare import discard_job, prepare_job, start_job, stop_job
from .services.jobs.work import work_jobs
from .services.make_pledge import make_pledge
from .services.make_pledges import make_pledges
from .services.mark_test import mark_as_test
from .services.notes import add_note
from .services.pay_at_bank import bank_page, return_token, returned_to
from .services.refund import refund_pledge
from .services.resend_receipt import resend_receipt

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
    "JOB_ACTIONS",
    "JOB_MAX",
    "Job",
    "JobGift",
    "MadePledge",
    "NewDedication",
    "Note",
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
    "add_note",
    "cancel_pledge",
    "capture_pledge",
    "captured_count",
    "confirm_receipt",
    "decline_refund",
    "dedication_letters",
    "discard_job",
    "donor_wall",
    "follow_gift",
    "get_job",
    "get_pledge",
    "get_receipt",
    "gift_contacts",
    "gifts_of_address",
    "gifts_of_job",
    "history_link",
    "gift_records",
    "gift_records_after",
    "has_given",
    "key_of_address",
    "list_jobs",
    "list_pledges",
    "make_pledge",
    "make_pledges",
    "manages",
    "mark_as_test",
    "notes_of",
    "open_history",
    "prepare_job",
    "public_names",
    "receipt_of_gift",
    "receipts_of",
    "refund_pledge",
    "refuse_dedications",
    "request_history",
    "refunds_under_way",
    "resend_receipt",
    "run_idempotently",
    "start_job",
    "stop_job",
    "story_of",
    "sums_of_job",
    "tracking_token",
    "was_taken",
    "work_jobs",
    "years_of_donor",
]
