"""States as people read them, with the tone that a badge takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

GIFT_STATES: dict[str, tuple[Any, str]] = {
    "pending": (_("Pending"), "wait"),
    "authorized": (_("Authorized"), "wait"),
    "captured": (_("Captured"), "good"),
    "partially_refunded": (_("Partly refunded"), "note"),
    "refunded": (_("Refunded"), "note"),
    "failed": (_("Failed"), "bad"),
}
CAMPAIGN_STATES: dict[str, tuple[Any, str]] = {
    "draft": (_("Draft"), "note"),
    "in_review": (_("In review"), "wait"),
    "active": (_("Active"), "good"),
    "paused": (_("Paused"), "wait"),
    "ended": (_("Ended"), "note"),
    "archived": (_("Archived"), "note"),
}
REFUND_STATES: dict[str, tuple[Any, str]] = {
    "awaiting": (_("Waits for a second person"), "wait"),
    "pending": (_("Under way"), "wait"),
    "succeeded": (_("Paid back"), "good"),
    "failed": (_("Refused by the provider"), "bad"),
}
PAYOUT_STATES: dict[str, tuple[Any, str]] = {
    "requested": (_("Waits for approval"), "wait"),
    "approved": (_("Approved"), "wait"),
    "sending": (_("On its way"), "wait"),
    "paid": (_("Paid out"), "good"),
    "failed": (_("Refused by the bank"), "bad"),
    "declined": (_("Declined"), "note"),
    "withdrawn": (_("Withdrawn"), "note"),
}
REASONS: dict[str, Any] = {
    "cancelled": _("cancelled on request"),
    "released": _("the hold was let go"),
    "insufficient-funds": _("not enough money in the account"),
    "account-closed": _("the account is closed"),
    "unknown-account": _("the bank knows no such account"),
}
CATEGORIES: list[tuple[str, Any]] = [
    ("animals", _("Animals")),
    ("arts", _("Arts")),
    ("community", _("Community")),
    ("education", _("Education")),
    ("emergency", _("Emergency")),
    ("environment", _("Environment")),
    ("health", _("Health")),
    ("relief", _("Relief")),
]
ANOMALY_STATES: dict[str, tuple[Any, str]] = {
    "open": (_("To decide"), "wait"),
    "resolved": (_("Resolved"), "good"),
    "dismissed": (_("Dismissed"), "note"),
}
ANOMALY_ACTIONS: dict[str, tuple[Any, Any]] = {
    "ask": (_("Ask the provider again"), _("The finding stays open until the answer has come.")),
    "accept": (_("Accept what stands"), _("The books stay as they are; the finding is closed.")),
    "refund": (_("Refund the payment"), _("All that is left of the payment goes back.")),
    "dismiss": (_("Dismiss"), _("Nothing is done; the finding is closed.")),
    "settle": (_("Settled by a later truth"), ""),
}
WEBHOOK_OUTCOMES: dict[str, Any] = {
    "waiting": _("Waiting"),
    "recorded": _("Recorded"),
    "repeated": _("Known already"),
    "mismatched": _("Does not fit its payment"),
    "unknown-payment": _("Of no payment of ours"),
    "malformed": _("Cannot be read"),
    "ignored": _("Not about money"),
}
LETTER_STATES: dict[str, Any] = {
    "sent": _("Sent"),
    "dropped": _("Not needed any more"),
    "dead": _("Could not be delivered"),
}
EXPORT_STATES: dict[str, tuple[Any, str]] = {
    "due": (_("Waiting"), "wait"),
    "running": (_("Being written"), "wait"),
    "done": (_("Ready"), "good"),
    "failed": (_("Failed, ask again"), "bad"),
    "expired": (_("Deleted after a day"), "note"),
}


@dataclass(frozen=True)
class JobWords:
    """What a job over many gifts is called, what it means, and what its button says."""

    title: Any
    explain: Any
    button: Any


JOB_ACTIONS: dict[str, JobWords] = {
    "capture": JobWords(
        _("Capture gifts"),
        _("The money is taken from the accounts of these donors. This cannot be undone, only refunded."),
        _("Capture them"),
    ),
    "cancel": JobWords(
        _("Cancel gifts"), _("The holds on the donors' accounts are let go; no money is taken."), _("Cancel them")
    ),
    "resend_receipt": JobWords(
        _("Send receipts again"), _("Each of these donors gets the receipt by mail once more."), _("Send them")
    ),
}
JOB_STATES: dict[str, tuple[Any, str]] = {
    "prepared": (_("Not started"), "note"),
    "running": (_("Under way"), "wait"),
    "done": (_("Done"), "good"),
    "stopped": (_("Stopped"), "note"),
}
JOB_OUTCOMES: dict[str, tuple[Any, str]] = {
    "": (_("Waiting"), "note"),
    "done": (_("Done"), "good"),
    "refused": (_("Not possible"), "wait"),
    "failed": (_("Failed"), "bad"),
}
LEDGER_LINES: dict[str, Any] = {
    "authorized": _("Held"),
    "captured": _("Taken"),
    "released": _("Let go"),
    "refunded": _("Given back"),
    "failed": _("Refused"),
}
OPERATIONS: dict[str, Any] = {
    "authorize": _("hold the amount"),
    "capture": _("take the money"),
    "release": _("let the hold go"),
    "refund": _("give money back"),
    "retrieve": _("say how it stands"),
}
LETTER_KINDS: dict[str, Any] = {
    "receipt": _("Receipt"),
    "refund": _("News of a refund"),
    "gift_failed": _("News that the gift failed"),
}
LETTER_ENDS: dict[str, Any] = {
    "waiting": _("waits to be sent"),
    "sent": _("was sent"),
    "dropped": _("was not sent: nobody to write to"),
    "dead": _("could not be delivered"),
}
ROLES: dict[str, Any] = {"manager": _("Campaign manager"), "staff": _("Staff")}
TEAM_ROLES: dict[str, tuple[Any, Any]] = {
    "editor": (_("Editor"), _("writes and changes texts and the cover, hands in for review")),
    "finance": (_("Finance"), _("looks after gifts, donors, refunds, exports and payouts")),
    "moderator": (_("Moderator"), _("answers and moderates conversations")),
}
