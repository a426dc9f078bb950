"""What must hold of payouts. Audits alone read other contexts' tables."""

from __future__ import annotations

from typing import Any

from apps.platform.audits import check, compare

from .queries.payouts import STRANGE_SQL

Row = dict[str, Any]
ON_ITS_WAY = 600.0

check(
    code="O1",
    title="Each statement goes on where the one before ended",
    sql="""SELECT payout.id, payout.campaign_id, payout.paid_before, earlier.paid, payout.fees_before, earlier.fees
           FROM payouts_payout AS payout CROSS JOIN LATERAL (
               SELECT coalesce(sum(amount), 0) AS paid, coalesce(sum(fee), 0) AS fees FROM payouts_payout AS before
               WHERE before.campaign_id = payout.campaign_id AND before.id < payout.id AND before.status = 'paid'
           ) AS earlier
           WHERE payout.paid_before <> earlier.paid OR payout.fees_before <> earlier.fees""",
    explain="A payout was counted twice or not at all: more may have been paid than was there. See the bank's statement.",
)
check(
    code="O1",
    title="No campaign was paid more than it took, but for what went back since",
    sql="""SELECT gone.campaign_id, gone.amount, totals.captured, totals.refunded, coalesce(late.amount, 0) AS went_back_since
           FROM (SELECT campaign_id, sum(amount + fee) AS amount FROM payouts_payout
                 WHERE status IN ('requested', 'approved', 'sending', 'paid') GROUP BY 1) AS gone
           JOIN campaigns_totals AS totals USING (campaign_id)
           LEFT JOIN (SELECT campaign_id, sum(amount) AS amount FROM payouts_laterefund GROUP BY 1) AS late USING (campaign_id)
           WHERE gone.amount > totals.captured - totals.refunded + coalesce(late.amount, 0)""",
    explain="The trigger payouts_covered is gone, or a refund after a payout was not noted (payouts.note_refunds).",
)
check(
    code="O2",
    title="Whoever approved a payout is somebody else than who asked for it, and the trail has both",
    sql="""SELECT payout.id, payout.status FROM payouts_payout AS payout
           WHERE payout.status IN ('approved', 'sending', 'paid', 'failed') AND (
               payout.decided_by_id = payout.requested_by_id
               OR (SELECT count(*) FROM accounts_auditentry AS line
                   WHERE line.subject_id = payout.id::text AND line.action IN ('payout.request', 'payout.approve')) <> 2)""",
    explain="A payout was written past the services: ask both people, then restore payouts_two_people.",
)
check(
    code="O3",
    title="Every line of the bank's statement is a payout of ours, in every term",
    sql=STRANGE_SQL,
    explain="Money left the merchant's account that no payout explains: ask the bank who sent it, change the API key.",
)


def judge(ours: Row | None, theirs: Row | None) -> str:
    """What is wrong between a payout and the bank's transfer of its reference. Our snapshot is the older one."""
    if ours is None:
        is_old = theirs is not None and theirs["status"] == "succeeded" and theirs["quiet_seconds"] > ON_ITS_WAY
        return "sent by the bank, no payout of ours" if is_old else ""
    if theirs is None:
        return "paid here, unknown to the bank" if ours["status"] == "paid" else ""
    if (ours["account"], ours["amount"], ours["currency"]) != (theirs["account"], theirs["amount"], theirs["currency"]):
        return "other terms"
    if ours["status"] == "paid":
        agrees = theirs["status"] == "succeeded" and theirs["transfer"] == ours["transfer"]
        return "" if agrees else "paid here otherwise than at the bank"
    is_late = theirs["status"] == "succeeded" and theirs["quiet_seconds"] > ON_ITS_WAY
    return "sent by the bank, not paid here" if is_late else ""


compare(
    code="O3",
    title="Payouts and the bank's transfers agree",
    ours="""SELECT id AS key, status, account, amount, currency, transfer FROM payouts_payout ORDER BY id""",
    theirs="bank.transfers",
    judge=judge,
    explain="Each payout is laid beside the transfer of its reference. Believe the bank; payouts.reconcile ends what it proves.",
)
