"""Our payments beside the bank's statement: what must agree, and for how long it may still be on its way."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
ON_ITS_WAY = 600.0
"""Seconds within which the bank may know what we do not yet: webhooks, questions and the event list need that long."""
STRANGER = 1800.0
"""Seconds within which the event list has told us of money that the bank took for a payment of nobody's."""

ALIKE = ("amount", "currency", "captured_amount", "refunded_amount", "transaction")
"""Where these are the same on both sides, `judge` has nothing to say."""

# Payments, and the ids that the provider spoke of but that are no payments of ours (those are findings).
OURS_SQL = """
    SELECT id AS key, reference, status, amount, currency, captured_amount, refunded_amount, transaction,
           false AS is_flagged
    FROM payments_payment WHERE provider = 'bank'
    UNION ALL
    SELECT stranger.id, NULL, 'unknown', NULL, NULL, 0, 0, '', true
    FROM (
        SELECT DISTINCT (evidence ->> 'payment')::uuid AS id FROM payments_anomaly
        WHERE kind = 'unknown-payment' AND provider = 'bank'
    ) AS stranger
    WHERE NOT EXISTS (SELECT FROM payments_payment WHERE id = stranger.id)
    ORDER BY key
"""


def judge(ours: Row | None, theirs: Row | None) -> str:
    """What is wrong between a payment and the bank's hold for it. Our snapshot is the older one."""
    if ours is None or ours["is_flagged"]:
        return _stranger(ours, theirs)
    if theirs is None:
        return "taken here, unknown to the bank" if ours["captured_amount"] else ""
    if (ours["amount"], ours["currency"]) != (theirs["amount"], theirs["currency"]):
        return "other terms"
    is_settled = theirs["quiet_seconds"] > ON_ITS_WAY
    if ours["captured_amount"]:
        if (ours["captured_amount"], ours["transaction"]) != (theirs["captured_amount"], theirs["transaction"]):
            return "taken here otherwise than at the bank"
    elif theirs["captured_amount"] and is_settled:
        return "taken at the bank, not here"
    if ours["refunded_amount"] > theirs["refunded_amount"]:
        return "given back here, not at the bank"
    if ours["refunded_amount"] < theirs["refunded_amount"] and is_settled:
        return "given back at the bank, not here"
    return ""


def _stranger(ours: Row | None, theirs: Row | None) -> str:
    """Money for a payment that is not ours is somebody else's, once it was told and written down as a finding."""
    is_unseen = ours is None and theirs is not None and theirs["captured_amount"]
    return "taken at the bank for no payment, and no finding says so" if is_unseen and _is_old(theirs) else ""


def _is_old(theirs: Row | None) -> bool:
    return theirs is not None and theirs["quiet_seconds"] > STRANGER
