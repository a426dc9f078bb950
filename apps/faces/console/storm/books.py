"""What the books say of a storm's gifts, and where they part from what the donors were told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from apps.platform import db

from .journal import Journal
from .plan import Manner

# The console reads here like an audit does: SQL that changes nothing.
_PLEDGES = """
    SELECT id::text, idempotency_key, campaign_id, amount, currency, status, captured_amount, refunded_amount
    FROM pledges_pledge WHERE idempotency_key LIKE %s
"""
_TOTALS = "SELECT campaign_id, raised, donor_count FROM campaigns_totals WHERE campaign_id = ANY(%s)"
_WAITING = """
    SELECT
        (SELECT count(*) FROM pledges_pledge WHERE campaign_id = ANY(%(campaigns)s) AND status IN ('pending', 'authorized'))
            AS gifts,
        (SELECT count(*) FROM pledges_refund AS refund JOIN pledges_pledge AS pledge ON pledge.id = refund.pledge_id
         WHERE pledge.campaign_id = ANY(%(campaigns)s) AND refund.status <> 'failed' AND refund.counted_at IS NULL) AS refunds,
        (SELECT count(*) FROM payments_payment AS payment JOIN pledges_pledge AS pledge ON pledge.id = payment.reference
         WHERE pledge.campaign_id = ANY(%(campaigns)s) AND payment.check_at IS NOT NULL) AS payments,
        (SELECT count(*) FROM payments_webhookmessage WHERE processed_at IS NULL) AS webhooks,
        (SELECT count(*) FROM outbox_event WHERE NOT is_fanned_out)
            + (SELECT count(*) FROM outbox_delivery WHERE done_at IS NULL AND dead_at IS NULL) AS facts
"""
_AT_THE_BANK = """
    SELECT coalesce(sum(captured_amount), 0)::bigint AS captured, coalesce(sum(refunded_amount), 0)::bigint AS refunded
    FROM bank_hold WHERE reference = ANY(%s)
"""
_PAYMENTS = """
    SELECT payment.id FROM payments_payment AS payment JOIN pledges_pledge AS pledge ON pledge.id = payment.reference
    WHERE pledge.campaign_id = ANY(%s)
"""


@dataclass
class Account:
    """Every minor unit of the storm: what was promised, taken, declined, given back, shown; `losses` name what does not fit."""

    promised: int = 0
    captured: int = 0
    declined: int = 0
    open: int = 0
    refunded: int = 0
    raised: int = 0
    bank_captured: int = 0
    bank_refunded: int = 0
    pledges: int = 0
    donors: int = 0
    losses: list[str] = field(default_factory=list)


def waiting(campaigns: Iterable[UUID]) -> dict[str, int]:
    """What is still on its way, by what it is; all zero when the storm has settled."""
    return {name: int(number) for name, number in db.rows(_WAITING, {"campaigns": list(campaigns)})[0].items()}


def last_bank_event() -> int:
    found = db.rows("SELECT last FROM bank_eventcounter", using="bank")
    return int(found[0]["last"]) if found else 0


def account_for(journal: Journal, campaigns: Iterable[UUID]) -> Account:
    """Compare the donors' journal with the pledges, the totals that pages show, and the bank's books."""
    ids = list(campaigns)
    rows = db.rows(_PLEDGES, [f"storm-{journal.run}-%"])
    by_key: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_key.setdefault(row["idempotency_key"], []).append(row)
    account = Account(pledges=len(rows), losses=list(_unkept(journal, by_key)))
    for row in rows:
        account.promised += row["amount"]
        account.captured += row["captured_amount"]
        account.refunded += row["refunded_amount"]
        account.declined += row["amount"] if row["status"] == "failed" else 0
        account.open += row["amount"] if row["status"] in ("pending", "authorized") else 0
    if account.promised != account.captured + account.declined + account.open:
        account.losses.append(
            f"{account.promised} was promised, but {account.captured} taken, {account.declined} declined "
            f"and {account.open} open do not add up to it"
        )
    _compare_totals(account, rows, ids)
    _compare_bank(account, ids)
    return account


def _unkept(journal: Journal, by_key: dict[str, list[dict[str, Any]]]) -> Iterable[str]:
    for entry in journal.entries:
        found = by_key.get(entry.key, [])
        if len(found) > 1:
            yield f"key {entry.key} has {len(found)} pledges: {[row['id'] for row in found]}"
        if entry.is_acknowledged and not found:
            yield f"pledge {min(entry.pledge_ids)} was acknowledged and is not in the books"
        if entry.is_acknowledged and found and found[0]["id"] not in entry.pledge_ids:
            yield f"key {entry.key} was answered with {min(entry.pledge_ids)}, the books have {found[0]['id']}"
        if entry.is_refused and found:
            yield f"key {entry.key} was refused and has pledge {found[0]['id']}"
        for row in found:
            yield from _wrong_end(entry.wish.amount, entry.wish.is_paid, entry.wish.manner, row)
            promised_back = journal.refunded.get(row["id"], 0)
            if row["refunded_amount"] < promised_back:
                yield f"pledge {row['id']}: a refund of {promised_back} was promised, {row['refunded_amount']} went back"


def _wrong_end(amount: int, is_paid: bool, manner: Manner, row: dict[str, Any]) -> Iterable[str]:
    if row["amount"] != amount and manner is not Manner.BAD:
        yield f"pledge {row['id']}: {amount} was asked, {row['amount']} is in the books"
    right = "captured" if is_paid else "failed"
    if row["status"] != right:
        yield f"pledge {row['id']} is {row['status']}; with its test account it ends {right}"


def _compare_totals(account: Account, rows: list[dict[str, Any]], campaigns: list[UUID]) -> None:
    """The storm's campaigns got gifts from nobody else, so their totals are the sums of its gifts."""
    stands: Counter[UUID] = Counter()
    for row in rows:
        stands[row["campaign_id"]] += row["captured_amount"] - row["refunded_amount"]
    for shown in db.rows(_TOTALS, [campaigns]):
        account.raised += shown["raised"]
        account.donors += shown["donor_count"]
        if shown["raised"] != stands[shown["campaign_id"]]:
            account.losses.append(
                f"campaign {shown['campaign_id']} shows {shown['raised']}, its gifts make {stands[shown['campaign_id']]}"
            )


def _compare_bank(account: Account, campaigns: list[UUID]) -> None:
    payments = [row["id"] for row in db.rows(_PAYMENTS, [campaigns])]
    bank = db.rows(_AT_THE_BANK, [payments], using="bank")[0]
    account.bank_captured, account.bank_refunded = bank["captured"], bank["refunded"]
    if (account.bank_captured, account.bank_refunded) != (account.captured, account.refunded):
        account.losses.append(
            f"the bank took {account.bank_captured} and gave back {account.bank_refunded}; "
            f"the books say {account.captured} and {account.refunded}"
        )
