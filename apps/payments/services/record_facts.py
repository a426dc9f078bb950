"""From what a provider says to facts: each fitting statement is kept once, the others become anomalies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from apps.platform import clock, db

from ..gateway import Statement
from ..states import FactKind, PaymentStatus
from .anomalies import Finding, flag

_LOCK = """
    SELECT id, reference, provider, amount, currency, capture, status, hold, transaction, captured_amount,
           refunded_amount, refund_reserved, failure_reason, check_at, created_at, request_id
    FROM payments_payment WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""
_RECORD = """
    INSERT INTO payments_fact (provider, kind, reference, payment_id, hold, amount, reason, source, recorded_at)
    SELECT told.*, %(now)s
    FROM unnest(%(providers)s::text[], %(kinds)s::text[], %(references)s::text[], %(payment_ids)s::uuid[],
                %(holds)s::text[], %(amounts)s::bigint[], %(reasons)s::text[], %(sources)s::text[])
        AS told(provider, kind, reference, payment_id, hold, amount, reason, source)
    ORDER BY told.provider, told.kind, told.reference
    ON CONFLICT (provider, kind, reference) DO NOTHING
    RETURNING provider, kind, reference
"""
_OWNERS = """
    SELECT fact.provider, fact.kind, fact.reference, fact.payment_id
    FROM payments_fact AS fact JOIN unnest(%s::text[], %s::text[], %s::text[]) AS told(provider, kind, reference)
        ON (fact.provider, fact.kind, fact.reference) = (told.provider, told.kind, told.reference)
"""


class Source(StrEnum):
    """Where a statement came from. What the provider says when ASKED also proves a capture."""

    ANSWER = "answer"
    ASKED = "asked"
    WEBHOOK = "webhook"
    EVENTS = "events"


class Verdict(StrEnum):
    RECORDED = "recorded"
    REPEATED = "repeated"
    MISMATCHED = "mismatched"
    UNKNOWN_PAYMENT = "unknown-payment"


@dataclass(frozen=True)
class Said:
    """A statement, who made it, and on what occasion; `subject` names the occasion in an anomaly."""

    provider: str
    statement: Statement
    source: Source
    subject: str = ""


@dataclass
class PaymentRow:
    """A payment, locked by this transaction."""

    id: UUID
    reference: UUID
    provider: str
    amount: int
    currency: str
    capture: str
    status: PaymentStatus
    hold: str
    transaction: str
    captured_amount: int
    refunded_amount: int
    refund_reserved: int
    failure_reason: str
    check_at: datetime | None
    created_at: datetime
    request_id: str


def lock_payments(payment_ids: Iterable[UUID]) -> dict[UUID, PaymentRow]:
    """Lock the payments, ordered by id; unknown ids are left out."""
    rows = db.rows(_LOCK, [sorted(set(payment_ids))])
    found = (PaymentRow(**row | {"status": PaymentStatus(row["status"])}) for row in rows)
    return {each.id: each for each in found}


def record_facts(said: Sequence[Said], payments: dict[UUID, PaymentRow]) -> tuple[list[Verdict], set[UUID]]:
    """Keep what fits the locked payments; flag what does not.

    Returns a verdict for each statement, and the ids of the payments of which something new is known.
    """
    verdicts: list[Verdict] = []
    findings: list[Finding] = []
    fitting: list[Said] = []
    for each in said:
        finding = _misfit(each, payments.get(each.statement.payment_id))
        if finding is None:
            fitting.append(each)
            verdicts.append(Verdict.RECORDED)
        else:
            findings.append(finding)
            is_unknown = finding.kind == "unknown-payment"
            verdicts.append(Verdict.UNKNOWN_PAYMENT if is_unknown else Verdict.MISMATCHED)
    new = _insert(fitting) if fitting else set()
    repeated = [each for each in fitting if _key(each) not in new]
    findings += _reused(repeated, payments) if repeated else []
    flag(findings)
    changed = {each.statement.payment_id for each in fitting if _key(each) in new}
    return [_final(verdict, each, new) for verdict, each in zip(verdicts, said, strict=True)], changed


def _misfit(said: Said, payment: PaymentRow | None) -> Finding | None:
    statement = said.statement
    if payment is None or payment.provider != said.provider:
        return _finding(said, "unknown-payment", None)
    if statement.currency is not None and statement.currency != payment.currency:
        return _finding(said, "currency-mismatch", payment)
    if statement.amount is not None and statement.amount != payment.amount:
        is_part_of_refund = statement.kind is FactKind.REFUNDED and statement.amount < payment.amount
        if not is_part_of_refund:
            return _finding(said, "amount-mismatch", payment)
    return None


def _finding(said: Said, kind: str, payment: PaymentRow | None) -> Finding:
    statement = said.statement
    evidence = {
        "told": statement.kind.value,
        "payment": statement.payment_id,
        "transaction": statement.reference,
        "amount": statement.amount,
        "currency": (statement.currency or "")[:3],
        "source": said.source.value,
    }
    if payment is not None:
        evidence |= {"expected_amount": payment.amount, "expected_currency": payment.currency}
    return Finding(
        provider=said.provider,
        kind=kind,
        subject=said.subject or f"{statement.kind}:{statement.reference}",
        payment_id=payment.id if payment else None,
        reference=payment.reference if payment else None,
        evidence=evidence,
    )


def _insert(said: Sequence[Said]) -> set[tuple[str, str, str]]:
    rows = db.rows(
        _RECORD,
        {
            "now": clock.now(),
            "providers": [each.provider for each in said],
            "kinds": [each.statement.kind for each in said],
            "references": [each.statement.reference for each in said],
            "payment_ids": [each.statement.payment_id for each in said],
            "holds": [each.statement.hold for each in said],
            "amounts": [each.statement.amount for each in said],
            "reasons": [each.statement.reason for each in said],
            "sources": [each.source for each in said],
        },
    )
    return {(row["provider"], row["kind"], row["reference"]) for row in rows}


def _reused(said: Sequence[Said], payments: dict[UUID, PaymentRow]) -> list[Finding]:
    """A provider's reference that already stands for another payment is not this payment's fact."""
    keys = [_key(each) for each in said]
    owners = {
        (row["provider"], row["kind"], row["reference"]): row["payment_id"]
        for row in db.rows(_OWNERS, [list(column) for column in zip(*keys, strict=True)])
    }
    return [
        _finding(each, "reference-reused", payments[each.statement.payment_id])
        for each in said
        if owners[_key(each)] != each.statement.payment_id
    ]


def _final(verdict: Verdict, said: Said, new: set[tuple[str, str, str]]) -> Verdict:
    return Verdict.REPEATED if verdict is Verdict.RECORDED and _key(said) not in new else verdict


def _key(said: Said) -> tuple[str, str, str]:
    return said.provider, said.statement.kind.value, said.statement.reference
