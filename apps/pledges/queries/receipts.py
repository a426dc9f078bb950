"""Receipts as people read them: what was acknowledged then, and what refunds have made of it since."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from apps.platform import db
from apps.platform.actors import Actor

from ..data import ConfirmedReceipt, Receipt, ReceiptRefund
from ..errors import ReceiptNotFound
from .pledges import get_pledge
from .tokens import TOKEN_LENGTH, token_hash

_RECEIPTS = """
    SELECT receipt.pledge_id, receipt.code, receipt.series, receipt.number, pledge.campaign_id, receipt.campaign_title,
           receipt.organizer, receipt.issuer, receipt.issuer_details, receipt.amount, receipt.currency, receipt.given_at,
           receipt.issued_at, pledge.refunded_amount, pledge.captured_amount, pledge.cover_amount, coalesce(donor.name, '') AS donor_name
    FROM pledges_receipt AS receipt JOIN pledges_pledge AS pledge ON pledge.id = receipt.pledge_id
    LEFT JOIN pledges_donor AS donor ON donor.pledge_id = receipt.pledge_id
"""
_REFUNDS = """
    SELECT pledge_id, amount, counted_at FROM pledges_refund WHERE pledge_id = ANY(%s) AND counted_at IS NOT NULL
    ORDER BY counted_at, id
"""
VALID, PARTLY_REFUNDED, VOID = "valid", "partially_refunded", "void"


def receipt_number(series: str, number: int) -> str:
    """As it is printed: `2026-000123`."""
    return f"{series}-{number:06d}"


def receipt_of_gift(*, tracking_token: str) -> Receipt:
    """The receipt of the gift behind a tracking token, for whoever holds it. Raises ReceiptNotFound, alike for wrong tokens
    and gifts that have none yet."""
    if len(tracking_token) != TOKEN_LENGTH:
        raise ReceiptNotFound
    return _only(db.rows(f"{_RECEIPTS} WHERE pledge.tracking_hash = %s", [token_hash(tracking_token)]))


def get_receipt(*, pledge_id: UUID, viewer: Actor) -> Receipt:
    """One gift's receipt, for its donor, the campaign's managers and staff. Raises PledgeNotFound, ReceiptNotFound."""
    get_pledge(pledge_id=pledge_id, viewer=viewer)
    return _only(db.rows(f"{_RECEIPTS} WHERE receipt.pledge_id = %s", [pledge_id]))


def receipts_of(*, pledge_ids: Collection[UUID]) -> dict[UUID, Receipt]:
    """The receipts of these gifts, those that have one, in two queries. Does not check permissions."""
    return {
        each.pledge_id: each
        for each in _receipts(db.rows(f"{_RECEIPTS} WHERE receipt.pledge_id = ANY(%s)", [list(pledge_ids)]))
    }


def receipts_where(condition: str, values: dict[str, Any]) -> list[Receipt]:
    """For this context's own queries: receipts that meet a condition of ours on receipt, pledge and donor; two queries."""
    return _receipts(db.rows(f"{_RECEIPTS} WHERE {condition}", values))  # noqa: S608  conditions are constants


def confirm_receipt(*, code: UUID) -> ConfirmedReceipt:
    """What anyone may know who holds a receipt: that it is ours, and what has become of it. Raises ReceiptNotFound."""
    found = _only(db.rows(f"{_RECEIPTS} WHERE receipt.code = %s", [code]))
    return ConfirmedReceipt(
        number=found.number,
        issuer=found.issuer,
        amount=found.amount,
        currency=found.currency,
        refunded_amount=found.refunded_amount,
        given_at=found.given_at,
        issued_at=found.issued_at,
        status=found.status,
    )


def _only(rows: list[dict[str, Any]]) -> Receipt:
    if not rows:
        raise ReceiptNotFound
    return _receipts(rows)[0]


def _receipts(rows: list[dict[str, Any]]) -> list[Receipt]:
    concerned = [row["pledge_id"] for row in rows if row["refunded_amount"]]
    refunds: dict[UUID, list[ReceiptRefund]] = {}
    for row in db.rows(_REFUNDS, [concerned]) if concerned else []:
        refunds.setdefault(row["pledge_id"], []).append(ReceiptRefund(amount=row["amount"], at=row["counted_at"]))
    return [_receipt(row, tuple(refunds.get(row["pledge_id"], ()))) for row in rows]


def _receipt(row: dict[str, Any], refunds: tuple[ReceiptRefund, ...]) -> Receipt:
    captured = row.pop("captured_amount")
    status = VALID
    if row["refunded_amount"]:
        status = VOID if row["refunded_amount"] >= captured else PARTLY_REFUNDED
    number = receipt_number(row.pop("series"), row.pop("number"))
    return Receipt(**row, number=number, status=status, refunds=refunds)
